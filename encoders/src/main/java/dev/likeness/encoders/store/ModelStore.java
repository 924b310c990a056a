package dev.likeness.encoders.store;

import dev.likeness.encoders.store.ModelStoreException.Reason;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Model packages in a folder: {@code <root>/<name>/<version>/{encoder.onnx, encoder.json, …}}.
 *
 * <p>One version of an encoder serves its name: the one that was promoted last, and the newest
 * where none ever was. What is published serves at once, unless it is published as a candidate.
 *
 * <p>A package is whole or absent: it is written beside its place, flushed to disk and renamed.
 * Several threads and several processes may read and publish at the same time. Nothing is cached,
 * so that what another process published is found at once.
 */
public final class ModelStore {

  private static final Logger LOG = System.getLogger(ModelStore.class.getName());

  private final Path root;

  private ModelStore(Path root) {
    this.root = root;
  }

  /**
   * Opens a store, creating the folder if needed, and removes what a crashed publication left.
   *
   * @throws ModelStoreException if the folder cannot be created
   */
  public static ModelStore open(Path root) {
    ModelStore store = new ModelStore(root.toAbsolutePath().normalize());
    try {
      Files.createDirectories(store.root);
    } catch (IOException impossible) {
      throw failed("the model store %s cannot be created".formatted(root), impossible);
    }
    for (EncoderName name : store.names()) {
      Publication.removeLeftovers(store.root.resolve(name.value()));
    }
    return store;
  }

  public Path root() {
    return root;
  }

  /** Every readable package, by name, then from the oldest version. Damaged ones are left out. */
  public List<ModelPackage> list() {
    List<ModelPackage> packages = new ArrayList<>();
    for (EncoderName name : names()) {
      for (int version : versions(name)) {
        try {
          packages.add(read(new ModelVersion(name, version)));
        } catch (ModelStoreException damaged) {
          LOG.log(Level.WARNING, damaged.getMessage());
        }
      }
    }
    return List.copyOf(packages);
  }

  /** The newest version of an encoder. */
  public Optional<ModelPackage> find(EncoderName name) {
    List<Integer> versions = versions(name);
    return versions.isEmpty()
        ? Optional.empty()
        : Optional.of(read(new ModelVersion(name, versions.getLast())));
  }

  /** The version that serves the name; the newest if the promoted one was removed. */
  public Optional<ModelPackage> serving(EncoderName name) {
    List<Promotion> promotions = promotions(name);
    return promotions.isEmpty()
        ? find(name)
        : find(new ModelVersion(name, promotions.getLast().version())).or(() -> find(name));
  }

  /** The promotions of an encoder, oldest first; empty if its newest version has always served. */
  public List<Promotion> promotions(EncoderName name) {
    return PromotionFile.read(root.resolve(name.value()));
  }

  /**
   * Lets a version serve its name; when this returns it survives a crash. A job promotes once: a
   * repeat gives the promotion there was, whatever serves by now. A version that serves already is
   * not promoted again.
   *
   * @param jobId the job that made the version, null for none
   * @return the promotion by which the version serves or, for a job, did
   * @throws ModelStoreException if there is no such version, or it cannot be written
   */
  public Promotion promote(
      ModelVersion version, String reason, @Nullable String jobId, Instant now) {
    Path folder = root.resolve(version.name().value());
    if (find(version).isEmpty()) {
      throw new ModelStoreException(
          Reason.STORAGE_FAILED, "model %s is not in the store".formatted(version));
    }
    try (Publication publication = Publication.begin(folder)) {
      List<Promotion> promotions = new ArrayList<>(promotions(version.name()));
      Optional<Promotion> earlier =
          promotions.stream()
              .filter(promotion -> jobId != null && jobId.equals(promotion.jobId()))
              .findFirst();
      if (earlier.isPresent()) {
        return earlier.get();
      }
      if (!promotions.isEmpty() && promotions.getLast().version() == version.version()) {
        return promotions.getLast();
      }
      Promotion promotion =
          new Promotion(version.version(), servingBefore(version), now, reason, jobId);
      promotions.add(promotion);
      publication.write(promotions);
      return promotion;
    } catch (IOException impossible) {
      throw failed("model %s cannot be promoted".formatted(version), impossible);
    }
  }

  private @Nullable Integer servingBefore(ModelVersion version) {
    return serving(version.name())
        .map(ModelPackage::version)
        .filter(serving -> !serving.equals(version))
        .map(ModelVersion::version)
        .orElse(null);
  }

  /** One version, if it was published. */
  public Optional<ModelPackage> find(ModelVersion version) {
    return Files.isDirectory(directory(version)) ? Optional.of(read(version)) : Optional.empty();
  }

  /** The version a job published, if it did. */
  public Optional<ModelPackage> findByJob(EncoderName name, String jobId) {
    return versions(name).reversed().stream()
        .map(version -> read(new ModelVersion(name, version)))
        .filter(found -> jobId.equals(found.card().origin().jobId()))
        .findFirst();
  }

  /**
   * Publishes a draft as the next version of its encoder, which serves from then on; when this
   * returns it survives a crash. A draft of a job that already published under this name changes
   * nothing and gives that version.
   *
   * @throws ModelStoreException if the package cannot be written
   */
  public ModelPackage publish(PackageDraft draft) {
    return serve(publish(draft, /* candidate= */ false), draft);
  }

  /** Lets what was published by hand serve, where that is not so anyway. */
  private ModelPackage serve(ModelPackage model, PackageDraft draft) {
    if (!promotions(model.name()).isEmpty()) {
      var unused =
          promote(
              model.version(),
              "published",
              draft.jobId().orElse(null),
              Instant.parse(draft.card().createdAt()));
    }
    return model;
  }

  /**
   * Publishes a draft like {@link #publish(PackageDraft)}, but what serves the name goes on serving
   * it until the new version is {@link #promote promoted}. The first version of a name serves.
   */
  public ModelPackage publishCandidate(PackageDraft draft) {
    return publish(draft, /* candidate= */ true);
  }

  private ModelPackage publish(PackageDraft draft, boolean candidate) {
    EncoderName name = draft.card().encoderName();
    try (Publication publication = Publication.begin(root.resolve(name.value()))) {
      Optional<ModelPackage> existing = draft.jobId().flatMap(job -> findByJob(name, job));
      if (existing.isPresent()) {
        return existing.get();
      }
      if (candidate && promotions(name).isEmpty()) {
        hold(publication, name);
      }
      return write(draft, publication);
    } catch (IOException impossible) {
      throw notPublished(name, impossible);
    }
  }

  /** Writes down what serves now, so that a newer version does not. */
  private void hold(Publication publication, EncoderName name) throws IOException {
    Optional<ModelPackage> newest = find(name);
    if (newest.isPresent()) {
      Instant published = Instant.parse(newest.get().card().createdAt());
      publication.write(
          List.of(
              new Promotion(newest.get().version().version(), null, published, "published", null)));
    }
  }

  /**
   * What became of a draft.
   *
   * @param alreadyThere whether the serving version was the same, so that nothing was published
   */
  public record Published(ModelPackage model, boolean alreadyThere) {}

  /**
   * As {@link #publish(PackageDraft)}, unless the version that serves that name is the same: of
   * equal vectors (its fingerprint says so) and made from the same file.
   */
  public Published publishIfNew(PackageDraft draft) {
    EncoderName name = draft.card().encoderName();
    ModelPackage written;
    try (Publication publication = Publication.begin(root.resolve(name.value()))) {
      Optional<ModelPackage> same = serving(name).filter(serving -> isSame(serving.card(), draft));
      if (same.isPresent()) {
        return new Published(same.get(), true);
      }
      written = write(draft, publication);
    } catch (IOException impossible) {
      throw notPublished(name, impossible);
    }
    return new Published(serve(written, draft), false);
  }

  private static boolean isSame(EncoderCard serving, PackageDraft draft) {
    EncoderCard card = draft.card();
    return serving.fingerprint().equals(card.fingerprint())
        && Objects.equals(serving.origin().sourceSha256(), card.origin().sourceSha256());
  }

  private ModelPackage write(PackageDraft draft, Publication publication) throws IOException {
    EncoderName name = draft.card().encoderName();
    ModelVersion version = new ModelVersion(name, highestVersion(name) + 1);
    publication.write(draft, directory(version));
    return read(version);
  }

  /**
   * Removes a version: it is renamed, and so gone for every reader, and then deleted. Its number is
   * not given again, since others may remember it. What had the files open keeps them.
   *
   * @return whether it was there
   * @throws ModelStoreException if it cannot be removed; it is then still whole
   */
  public boolean remove(ModelVersion version) {
    Path folder = root.resolve(version.name().value());
    if (!Files.isDirectory(directory(version))) {
      return false;
    }
    try (Publication publication = Publication.begin(folder)) {
      return publication.remove(version.version(), highestVersion(version.name()));
    } catch (IOException impossible) {
      throw failed("model %s cannot be removed".formatted(version), impossible);
    }
  }

  private List<EncoderName> names() {
    return entries(root).stream()
        .map(path -> path.getFileName().toString())
        .filter(EncoderName::isValid)
        .filter(name -> Files.isDirectory(root.resolve(name)))
        .map(EncoderName::new)
        .sorted()
        .toList();
  }

  private List<Integer> versions(EncoderName name) {
    return entries(root.resolve(name.value())).stream()
        .filter(path -> path.getFileName().toString().matches("[1-9][0-9]{0,8}"))
        .map(path -> Integer.valueOf(path.getFileName().toString()))
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  /** Of all that were ever published. */
  private int highestVersion(EncoderName name) throws IOException {
    List<Integer> versions = versions(name);
    int highest = versions.isEmpty() ? 0 : versions.getLast();
    return Math.max(highest, Publication.highestRemoved(root.resolve(name.value())));
  }

  private ModelPackage read(ModelVersion version) {
    Path directory = directory(version);
    EncoderCard card = CardFile.read(directory.resolve(ModelPackage.CARD_FILE));
    if (!card.name().equals(version.name().value())) {
      throw new ModelStoreException(
          Reason.UNREADABLE_CARD,
          "the card in %s is that of '%s'; a package's folder must not be renamed"
              .formatted(directory, card.name()));
    }
    return new ModelPackage(version, card, directory);
  }

  private Path directory(ModelVersion version) {
    return root.resolve(version.name().value()).resolve(String.valueOf(version.version()));
  }

  private static List<Path> entries(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      List<Path> found = new ArrayList<>();
      stream.forEach(found::add);
      return found;
    } catch (IOException unreadable) {
      throw failed("the model store's folder %s cannot be read".formatted(directory), unreadable);
    }
  }

  private ModelStoreException notPublished(EncoderName name, IOException cause) {
    return failed(
        "model %s cannot be published; check the free space and the rights of %s"
            .formatted(name, root),
        cause);
  }

  private static ModelStoreException failed(String message, IOException cause) {
    String detail = cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    return new ModelStoreException(Reason.STORAGE_FAILED, message + detail, cause);
  }
}
