package dev.likeness.encoders.ensemble;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.Ensemble;
import dev.likeness.encoders.store.Fingerprint;
import dev.likeness.encoders.store.Fusion;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.encoders.store.Pooling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Joins encoders of the model store into one package. Its graph has a copy of each member's, so the
 * members may go; the runtime decodes an image once and prepares it once for each way that a member
 * wants it.
 */
public final class EnsembleBuild {

  /** A serialised graph has at most 2³¹ - 1 bytes; external data does not count. */
  private static final long LARGEST_GRAPH = Integer.MAX_VALUE - (1 << 20);

  private final ModelStore store;
  private final PackageAssembler assembler;

  public EnsembleBuild(ModelStore store, Clock clock) {
    this.store = store;
    this.assembler = new PackageAssembler(clock);
  }

  /**
   * Builds and publishes, unless the newest version of that name is the same.
   *
   * @param progress told one short sentence per step
   * @throws EnsembleException if the members do not go together
   * @throws dev.likeness.encoders.store.ModelStoreException if a member is damaged or the store
   *     cannot be written
   */
  public ModelStore.Published run(EnsembleRequest request, Consumer<String> progress) {
    check(request);
    progress.accept("joining " + memberText(request));
    Ensemble ensemble = describe(request);
    GraphJoin join = new GraphJoin();
    Map<String, Path> dataFiles = new LinkedHashMap<>();
    for (int i = 0; i < request.members().size(); i++) {
      ModelPackage model = request.members().get(i).model();
      model.checkHashes();
      Ensemble.Member member = ensemble.members().get(i);
      MemberGraph graph =
          new MemberGraph(
              "member%d.".formatted(i + 1),
              Map.of(model.card().inputTensor(), member.inputTensor()));
      join.add(model, member, graph, read(model));
      for (String location : model.card().weights().dataLocations()) {
        dataFiles.put(graph.folder() + location, model.directory().resolve(location));
      }
    }
    progress.accept("running it once, and measuring how it treats batches");
    PackageDraft draft =
        assembler.assemble(description(request, ensemble), join.finish(ensemble), dataFiles);
    progress.accept("publishing, unless the newest version is the same");
    return store.publishIfNew(draft);
  }

  private static void check(EnsembleRequest request) {
    Set<Fingerprint> seen = new HashSet<>();
    long bytes = 0;
    for (EnsembleRequest.Member member : request.members()) {
      ModelPackage model = member.model();
      if (model.card().ensemble() != null) {
        throw new EnsembleException(
            "'%s' is an ensemble itself; name its members instead".formatted(model.name()));
      }
      if (!seen.add(model.fingerprint())) {
        throw new EnsembleException(
            "'%s' is the same encoder as a member before it; each may be there once, with a weight"
                .formatted(model.version()));
      }
      bytes += size(model);
    }
    if (bytes > LARGEST_GRAPH) {
      throw new EnsembleException(
          "the members' graphs have %,d bytes together, one graph may have %,d; import them with external data"
              .formatted(bytes, LARGEST_GRAPH));
    }
    if (request.fusion() == Fusion.AVERAGE && dimensions(request).size() > 1) {
      throw new EnsembleException(
          ("an average needs vectors of one length, these have %s; project them to one length first"
                  + " (--projection pca:DIR), or choose --fusion concat")
              .formatted(
                  request.members().stream()
                      .map(
                          member ->
                              "%d (%s)"
                                  .formatted(
                                      member.model().card().dimension(), member.model().name()))
                      .collect(Collectors.joining(", "))));
    }
  }

  private static Set<Integer> dimensions(EnsembleRequest request) {
    return request.members().stream()
        .map(member -> member.model().card().dimension())
        .collect(Collectors.toSet());
  }

  private static Ensemble describe(EnsembleRequest request) {
    Map<PreprocessSpec, String> inputs = new LinkedHashMap<>();
    List<Ensemble.Member> members = new ArrayList<>();
    for (EnsembleRequest.Member member : request.members()) {
      EncoderCard card = member.model().card();
      String input = inputs.computeIfAbsent(card.preprocess(), _ -> "image" + (inputs.size() + 1));
      members.add(
          new Ensemble.Member(
              card.name(),
              member.model().version().version(),
              card.fingerprint().value(),
              request.share(member),
              card.dimension(),
              input,
              card.preprocess()));
    }
    return new Ensemble(request.fusion(), members);
  }

  private static EncoderDescription description(EnsembleRequest request, Ensemble ensemble) {
    Ensemble.Member first = ensemble.members().getFirst();
    return new EncoderDescription(
        request.name(),
        "ensemble",
        first.preprocess(),
        first.inputTensor(),
        GraphJoin.OUTPUT,
        Pooling.NONE,
        null,
        origin(request),
        List.of(),
        ensemble);
  }

  /** Trained if all members are; its licences are those of all members. */
  private static Origin origin(EnsembleRequest request) {
    List<Origin> origins =
        request.members().stream().map(member -> member.model().card().origin()).toList();
    Boolean trained =
        origins.stream().anyMatch(origin -> Boolean.FALSE.equals(origin.trained()))
            ? Boolean.FALSE
            : origins.stream().allMatch(origin -> Boolean.TRUE.equals(origin.trained()))
                ? Boolean.TRUE
                : null;
    String licence =
        origins.stream().anyMatch(origin -> origin.licence() == null)
            ? null
            : origins.stream()
                .map(origin -> Objects.requireNonNull(origin.licence()))
                .distinct()
                .collect(Collectors.joining("; "));
    return new Origin(
        "ensemble", trained, memberText(request), null, null, null, null, null, licence);
  }

  private static String memberText(EnsembleRequest request) {
    return request.members().stream()
        .map(member -> member.model().version().toString())
        .collect(Collectors.joining(", "));
  }

  private static long size(ModelPackage model) {
    try {
      return Files.size(model.onnxPath());
    } catch (IOException unreadable) {
      throw new UncheckedIOException("%s cannot be read".formatted(model.onnxPath()), unreadable);
    }
  }

  private static ModelProto read(ModelPackage model) {
    try {
      return ModelProto.parseFrom(Files.readAllBytes(model.onnxPath()));
    } catch (IOException unreadable) {
      throw new EnsembleException(
          "the graph of %s cannot be read; import it again".formatted(model.version()), unreadable);
    }
  }
}
