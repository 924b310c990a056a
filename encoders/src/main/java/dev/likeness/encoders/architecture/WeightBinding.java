package dev.likeness.encoders.architecture;

import dev.likeness.encoders.checkpoint.Checkpoint;
import dev.likeness.encoders.checkpoint.CheckpointException;
import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import dev.likeness.encoders.checkpoint.CheckpointTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a checkpoint, placed in a network. Every weight of the network has its tensor, and
 * every tensor of the file is either used or known to belong to another part: a network that
 * ignores a tensor it does not know would run and be wrong. Usable while the checkpoint is open.
 */
public final class WeightBinding implements WeightValues {

  /** What models that contain the network put before its names. */
  private static final List<String> PREFIXES =
      List.of("", "model.", "backbone.", "encoder.", "dinov2.", "clip.", "visual.trunk.");

  private static final int MOST_LISTED = 20;

  private final Checkpoint checkpoint;
  private final NameDialect dialect;
  private final String prefix;
  private final List<String> skipped = new ArrayList<>();
  private final Map<String, TensorSource> sources = new LinkedHashMap<>();

  private WeightBinding(Checkpoint checkpoint, NameDialect dialect, String prefix) {
    this.checkpoint = checkpoint;
    this.dialect = dialect;
    this.prefix = prefix;
  }

  /**
   * @throws CheckpointException if the file does not fit; the message lists the tensors that are
   *     missing, wrongly shaped or unknown
   */
  public static WeightBinding bind(
      Architecture architecture, Network network, Checkpoint checkpoint) {
    WeightBinding best =
        PREFIXES.stream()
            .flatMap(
                prefix ->
                    architecture.dialects().stream()
                        .map(dialect -> new WeightBinding(checkpoint, dialect, prefix)))
            .max(Comparator.comparingInt((WeightBinding it) -> it.present(network)))
            .orElseThrow();
    if (best.present(network) == 0) {
      throw new CheckpointException(
          Reason.TENSORS_DO_NOT_FIT,
          "the file holds no tensor of %s; it begins with %s"
              .formatted(network.architecture(), listed(List.copyOf(checkpoint.names()))));
    }
    best.place(network);
    return best;
  }

  /** Which library's names the file has. */
  public String dialect() {
    return dialect.name();
  }

  /** Tensors of the file that belong to other parts: text tower, classifier, counters. */
  public List<String> skipped() {
    return List.copyOf(skipped);
  }

  /** Name of the tensor in the file that a weight comes from. */
  public String sourceOf(TensorSpec weight) {
    return source(weight).name();
  }

  @Override
  public float[] values(TensorSpec weight) {
    TensorSource source = source(weight);
    return source.arranged(checkpoint.find(source.name()).orElseThrow());
  }

  private TensorSource source(TensorSpec weight) {
    TensorSource source = sources.get(weight.name());
    if (source == null) {
      throw new IllegalArgumentException("not a weight of this network: " + weight);
    }
    return source;
  }

  private TensorSource locate(TensorSpec weight) {
    TensorSource located = dialect.locate(weight.name());
    return new TensorSource(prefix + located.name(), located.arrangement());
  }

  private int present(Network network) {
    return (int)
        network.weights().stream()
            .filter(weight -> checkpoint.find(locate(weight).name()).isPresent())
            .count();
  }

  private void place(Network network) {
    List<String> missing = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (TensorSpec weight : network.weights()) {
      TensorSource source = locate(weight);
      Optional<CheckpointTensor> tensor = checkpoint.find(source.name());
      if (tensor.isEmpty()) {
        missing.add(source.name());
      } else if (fault(weight, source, tensor.get()) instanceof String fault) {
        wrong.add(fault);
      }
      sources.put(weight.name(), source);
      used.add(source.name());
    }
    List<String> unknown = unknown(used);
    checkZeros(wrong);
    if (!missing.isEmpty() || !wrong.isEmpty() || !unknown.isEmpty()) {
      throw new CheckpointException(
          Reason.TENSORS_DO_NOT_FIT,
          "the file is not %s (names read as %s)%s%s%s"
              .formatted(
                  network.architecture(),
                  dialect,
                  part("missing", missing),
                  part("wrong", wrong),
                  part("of another network", unknown)));
    }
  }

  private static @Nullable String fault(
      TensorSpec weight, TensorSource source, CheckpointTensor tensor) {
    if (!tensor.type().isFloat()) {
      return "%s holds %s, not floating point".formatted(tensor.name(), tensor.type());
    }
    List<Long> arranged = source.arrangedShape(tensor.shape());
    boolean packedWrongly =
        arranged.equals(tensor.shape()) && tensor.elementCount() != weight.elementCount();
    if (packedWrongly || !withoutOnes(arranged).equals(withoutOnes(weight.shape()))) {
      return "%s is %s, expected %s"
          .formatted(tensor.name(), tensor.shape(), expected(weight, source));
    }
    return null;
  }

  private static String expected(TensorSpec weight, TensorSource source) {
    return switch (source.arrangement()) {
      case AS_IS -> weight.shape().toString();
      case TRANSPOSED -> weight.shape().reversed().toString();
      case QUERY_ROWS, KEY_ROWS, VALUE_ROWS -> "3 x " + weight.shape();
    };
  }

  private List<String> unknown(Set<String> used) {
    List<String> unknown = new ArrayList<>();
    for (String name : checkpoint.names()) {
      if (used.contains(name)) {
        continue;
      }
      String inner = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
      if (dialect.isOtherPart(inner) || dialect.isOtherPart(name)) {
        skipped.add(name);
      } else {
        unknown.add(name);
      }
    }
    return unknown;
  }

  private void checkZeros(List<String> wrong) {
    for (String name : dialect.zeros()) {
      Optional<CheckpointTensor> tensor = checkpoint.find(prefix + name);
      if (tensor.isPresent() && !isZero(tensor.get().floats())) {
        wrong.add(prefix + name + " is not zero, and this network has no place for it");
      }
    }
  }

  private static boolean isZero(float[] values) {
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private static List<Long> withoutOnes(List<Long> shape) {
    return shape.stream().filter(size -> size != 1).toList();
  }

  private static String part(String what, List<String> names) {
    return names.isEmpty() ? "" : "; %s (%d): %s".formatted(what, names.size(), listed(names));
  }

  private static String listed(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(MOST_LISTED, names.size())));
    int more = names.size() - MOST_LISTED;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }
}
