package dev.likeness.encoders.pull;

import dev.likeness.encoders.architecture.Architecture;
import dev.likeness.encoders.architecture.Network;
import dev.likeness.encoders.architecture.NetworkFiles;
import dev.likeness.encoders.architecture.NetworkOptions;
import dev.likeness.encoders.architecture.NetworkWriter;
import dev.likeness.encoders.architecture.WeightBinding;
import dev.likeness.encoders.checkpoint.Checkpoint;
import dev.likeness.encoders.checkpoint.CheckpointException;
import dev.likeness.encoders.checkpoint.CheckpointReader;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.ModelVerifier;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.VerifyReport;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.encoders.store.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes a published encoder into the model store: fetches, builds, publishes, verifies. */
public final class EncoderPull {

  private static final String TIMM_NOTE =
      "timm's weights have preprocessing of their own (pretrained_cfg in config.json beside them);"
          + " this package has the network's usual one";

  private final ModelStore store;
  private final WeightDownload download;
  private final Clock clock;

  public EncoderPull(ModelStore store, WeightDownload download, Clock clock) {
    this.store = store;
    this.download = download;
    this.clock = clock;
  }

  /** A file of weights and what is known of it. */
  private record Weights(Path file, Origin origin, List<String> notes) {}

  /**
   * @throws DownloadException if the weights cannot be had
   * @throws CheckpointException if the file is none of weights, or not of this network
   * @throws IllegalArgumentException if the network has no such pooling
   */
  public PullResult run(PullRequest request, PullProgress progress) {
    Architecture architecture = request.encoder().architecture();
    NetworkOptions usual = architecture.defaults();
    Network network =
        architecture.build(
            new NetworkOptions(
                usual.size(),
                request.chosenPooling(),
                usual.positionRule(),
                request.mirrorAverage()));
    Weights weights = weights(request, progress);
    progress.step("filling the network with the weights");
    Path folder = temporaryFolder();
    try {
      return publish(draft(request, network, weights, folder), progress);
    } finally {
      remove(folder);
    }
  }

  private PullResult publish(PackageDraft draft, PullProgress progress) {
    progress.step("publishing, unless the newest version is the same");
    ModelStore.Published published = store.publishIfNew(draft);
    VerifyReport report = ModelVerifier.verify(published.model(), RuntimeOptions.defaults());
    progress.step(report.summary());
    List<String> notes = draft.card().notes();
    return new PullResult(
        published.model(), published.alreadyThere(), report, notes == null ? List.of() : notes);
  }

  private PackageDraft draft(PullRequest request, Network network, Weights weights, Path folder) {
    Architecture architecture = request.encoder().architecture();
    try (Checkpoint checkpoint = CheckpointReader.open(weights.file)) {
      WeightBinding binding = WeightBinding.bind(architecture, network, checkpoint);
      NetworkFiles files = new NetworkWriter().write(network, binding, folder);
      List<String> notes = new ArrayList<>(weights.notes);
      notes.add("names of tensors read as " + binding.dialect());
      if (request.mirrorAverage()) {
        notes.add("the vector is the mean of the image's and of its mirror image's");
      }
      if (request.from() != null && binding.dialect().contains("timm")) {
        notes.add(TIMM_NOTE);
      }
      Optional.of(SkippedParts.describe(binding.skipped()))
          .filter(sentence -> !sentence.isEmpty())
          .ifPresent(notes::add);
      EncoderDescription description =
          new EncoderDescription(
              request.packageName(),
              architecture.name(),
              request.encoder().preprocess(sourceName(weights)),
              Network.INPUT,
              Network.OUTPUT,
              network.options().pooling(),
              null,
              weights.origin,
              notes);
      return new PackageAssembler(clock).assemble(description, files.onnx(), files.dataFiles());
    }
  }

  private Weights weights(PullRequest request, PullProgress progress) {
    Path file = request.fromFile();
    if (file != null) {
      return local(request.encoder(), file);
    }
    WeightSource source = request.source();
    progress.step("looking for the weights");
    DownloadedFile downloaded = download.fetch(source, progress);
    progress.step(
        downloaded.fromCache()
            ? "%s is in the cache".formatted(downloaded.name())
            : "fetched " + downloaded.source());
    boolean publishedHash = request.encoder().source().published(downloaded.sha256());
    Weights weights =
        known(
            request.encoder(),
            request.from() == null || publishedHash,
            downloaded.path(),
            downloaded.source(),
            downloaded.sha256());
    if (!downloaded.checked() && !publishedHash) {
      weights.notes.add("the publisher states no SHA-256 for this file; it could not be compared");
    }
    return weights;
  }

  private static Weights local(PublishedEncoder encoder, Path file) {
    try {
      String sha256 = Sha256.of(file);
      boolean published = encoder.source().published(sha256);
      return known(encoder, published, file, String.valueOf(file.getFileName()), sha256);
    } catch (IOException unreadable) {
      throw new CheckpointException(
          CheckpointException.Reason.FILE_NOT_READABLE,
          "%s cannot be read; give a file of weights or an http address".formatted(file),
          unreadable);
    }
  }

  /** Of a file that is not the published one, neither licence nor training is known. */
  private static Weights known(
      PublishedEncoder encoder, boolean published, Path file, String source, String sha256) {
    Boolean trained = published ? true : null;
    String licence = published ? encoder.licence() : null;
    Origin origin =
        new Origin("architecture", trained, source, sha256, null, null, null, null, licence);
    List<String> notes = new ArrayList<>();
    if (published) {
      notes.add("licence of the weights: " + licence);
    }
    return new Weights(file, origin, notes);
  }

  private static String sourceName(Weights weights) {
    String source = String.valueOf(weights.origin.source());
    return source.substring(source.lastIndexOf('/') + 1);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("likeness-pull-");
    } catch (IOException failed) {
      throw new UncheckedIOException("a temporary folder is needed for the weights", failed);
    }
  }

  private static void remove(Path folder) {
    try {
      Files.deleteIfExists(folder.resolve(NetworkWriter.DATA_FILE));
      Files.deleteIfExists(folder);
    } catch (IOException left) {
      System.getLogger(EncoderPull.class.getName())
          .log(System.Logger.Level.WARNING, "the temporary folder {0} is left", folder);
    }
  }
}
