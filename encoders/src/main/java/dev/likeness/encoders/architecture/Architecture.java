package dev.likeness.encoders.architecture;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.likeness.encoders.architecture.Backbone.Embedding;
import dev.likeness.encoders.graph.GraphBuilder;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.store.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A network that can be built by name; see {@link ArchitectureCatalog}. */
public final class Architecture {

  private final String name;
  private final Backbone backbone;
  private final PreprocessSpec preprocess;
  private final List<Pooling> poolings;
  private final List<NameDialect> dialects;

  /**
   * @param preprocess that the published weights were made for
   * @param poolings that make sense, the usual one first
   * @param dialects in which its tensors are named in checkpoints, its own first
   */
  Architecture(
      String name,
      Backbone backbone,
      PreprocessSpec preprocess,
      List<Pooling> poolings,
      List<NameDialect> dialects) {
    this.name = name;
    this.backbone = backbone;
    this.preprocess = preprocess;
    this.poolings = List.copyOf(poolings);
    this.dialects = List.copyOf(dialects);
  }

  public String name() {
    return name;
  }

  public PreprocessSpec preprocess() {
    return preprocess;
  }

  public List<Pooling> poolings() {
    return poolings;
  }

  public List<NameDialect> dialects() {
    return dialects;
  }

  /** The size and pooling the published weights are used with. */
  public NetworkOptions defaults() {
    return new NetworkOptions(
        InputSize.square(preprocess.cropSize()), poolings.getFirst(), PositionRule.TO_SIZE);
  }

  /** The default network. */
  public Network build() {
    return build(defaults());
  }

  /**
   * @throws IllegalArgumentException if the pooling makes no sense for this network, or the size is
   *     no multiple of its patches
   */
  public Network build(NetworkOptions options) {
    requirePooling(options.pooling());
    GraphBuilder net = GraphBuilder.ofDeclarations(name);
    String image = net.image(Network.INPUT, options.size().height(), options.size().width());
    boolean mirrored = options.mirrorAverage();
    String views = mirrored ? MirrorAverage.views(net, image, options.size().width()) : image;
    Embedding embedding = backbone.append(net, views, options);
    String vector =
        mirrored
            ? MirrorAverage.mean(net, embedding.tensor(), embedding.dimension())
            : embedding.tensor();
    net.nodes("Identity", Network.OUTPUT, List.of(vector), List.of(Network.OUTPUT));
    GraphEditor graph = net.output(Network.OUTPUT, embedding.dimension());
    return new Network(name, options, graph.model(), specs(graph), embedding.dimension());
  }

  /**
   * @throws IllegalArgumentException if the pooling makes no sense for this network; the message
   *     lists those that do
   */
  public Pooling requirePooling(Pooling pooling) {
    if (!poolings.contains(pooling)) {
      throw new IllegalArgumentException(
          "%s can be pooled by %s, not by %s"
              .formatted(
                  name,
                  poolings.stream().map(Architecture::text).collect(Collectors.joining(", ")),
                  text(pooling)));
    }
    return pooling;
  }

  private static List<TensorSpec> specs(GraphEditor graph) {
    List<TensorSpec> specs = new ArrayList<>();
    for (TensorProto weight : graph.graph().getInitializerList()) {
      List<Long> shape = new ArrayList<>();
      for (int axis = 0; axis < weight.getDimsCount(); axis++) {
        shape.add(weight.getDims(axis));
      }
      specs.add(new TensorSpec(weight.getName(), shape));
    }
    return specs;
  }

  private static String text(Pooling pooling) {
    return pooling.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return name;
  }
}
