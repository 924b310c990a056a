package dev.likeness.training.finetune.network;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.Pooling;
import dev.likeness.training.execute.BranchScales;
import dev.likeness.training.execute.ExecutionOptions;
import dev.likeness.training.execute.GraphExecutor;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.Parameter;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.execute.Placement;
import dev.likeness.training.finetune.failure.FineTuneException;
import dev.likeness.training.finetune.spec.HeadSpec;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.graph.OnnxModelFile;
import dev.likeness.training.graph.ParameterRole;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.operator.UnsupportedOperatorException;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An encoder with its head and the classifier that the loss needs: what of it is frozen, and how to
 * run the rest. Owned by one thread; tensors live as long as the open scope.
 */
public final class Network implements AutoCloseable {

  /** The classifier's weights, [classes, dimension]; not part of what is published. */
  public static final String CLASSIFIER = "finetune.classifier";

  private final EncoderCard card;
  private final ProjectionHead head;
  private final TrainGraph graph;
  private final ParameterStore parameters;
  private final GraphExecutor executor;
  private final List<Block> blocks;
  private final Map<String, Integer> depth = new HashMap<>();
  private String trainedFrom;

  private Network(EncoderCard card, ProjectionHead head, boolean cuda) {
    this.card = card;
    this.head = head;
    this.graph = TrainGraph.of(head.model());
    ExecutionOptions options =
        cuda ? ExecutionOptions.defaults() : ExecutionOptions.fastOnProcessors();
    this.parameters =
        ParameterStore.of(graph, FloatType.FLOAT32, new Placement(cuda, options.channelsLast()));
    try {
      this.executor = new GraphExecutor(graph, parameters, options);
    } catch (UnsupportedOperatorException unsupported) {
      parameters.close();
      throw unsupported;
    }
    this.blocks = BlockFinder.find(graph, head.pooled());
    this.trainedFrom = head.pooled();
    for (int i = 0; i < blocks.size(); i++) {
      int fromEnd = blocks.size() - 1 - i;
      blocks.get(i).parameters().forEach(name -> depth.put(name, fromEnd));
    }
  }

  /**
   * @param cuda whether it lives on the CUDA device
   * @throws FineTuneException.UnsupportedNetwork if the network cannot be trained
   */
  public static Network open(ModelPackage base, HeadSpec wanted, boolean cuda) {
    base.checkHashes();
    EncoderCard card = base.card();
    if (card.ensemble() != null) {
      throw new FineTuneException.UnsupportedNetwork(
          "%s is an ensemble; train its members and join the better ones".formatted(base.version()),
          null);
    }
    try {
      ModelProto read = OnnxModelFile.read(base.onnxPath());
      ModelProto model =
          wanted.trainedGemPower() && card.pooling() == Pooling.GEM
              ? GemPower.expose(read).orElse(read)
              : read;
      Integer dimension = wanted.projectionDimension();
      return new Network(
          card,
          dimension == null
              ? ProjectionHead.none(model, card)
              : ProjectionHead.append(model, card, Math.min(dimension, card.dimension())),
          cuda);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(base.onnxPath() + " cannot be read", unreadable);
    } catch (UnsupportedOperatorException | IllegalArgumentException unsupported) {
      throw new FineTuneException.UnsupportedNetwork(
          "%s cannot be trained: %s".formatted(base.version(), unsupported.getMessage()),
          unsupported);
    }
  }

  public ParameterStore parameters() {
    return parameters;
  }

  /** From the images to the pooled vector. */
  public List<Block> blocks() {
    return blocks;
  }

  /** Length of the backbone's vector. */
  public int pooledDimension() {
    return head.inputDimension();
  }

  /** Length of the published vector. */
  public int dimension() {
    return head.outputDimension();
  }

  /** Whether a layer was put behind the encoder's vector. */
  public boolean hasProjection() {
    return head.weight() != null;
  }

  /** Name of the published vector's tensor. */
  public String output() {
    return head.output();
  }

  /** What the layer behind the vector computes. */
  public void startProjection(ProjectionStart start) {
    parameters.set(Objects.requireNonNull(head.weight()), start.weight());
    parameters.set(Objects.requireNonNull(head.bias()), start.bias());
  }

  /** Adds the classifier, one row per class. */
  public void addClassifier(int classes, float[] weights) {
    Parameter unused =
        parameters.add(CLASSIFIER, ParameterRole.WEIGHT, weights, classes, dimension());
  }

  /**
   * Freezes what is not in the scope.
   *
   * @throws FineTuneException.UnsupportedNetwork if nothing is left to train
   */
  public void train(TrainedScope scope) {
    int first =
        switch (scope) {
          case TrainedScope.Head() -> blocks.size();
          case TrainedScope.LastBlocks(int count) -> Math.max(0, blocks.size() - count);
          case TrainedScope.All() -> 0;
        };
    Set<String> trained = new HashSet<>();
    trained.add(CLASSIFIER);
    Optional.ofNullable(head.weight()).ifPresent(trained::add);
    Optional.ofNullable(head.bias()).ifPresent(trained::add);
    blocks.subList(first, blocks.size()).forEach(block -> trained.addAll(block.parameters()));
    parameters.trainOnly(trained::contains);
    trainedFrom = first < blocks.size() ? blocks.get(first).input() : head.pooled();
    boolean onlyClassifier =
        parameters.trainable().stream().allMatch(p -> p.name().equals(CLASSIFIER));
    if (onlyClassifier) {
      throw new FineTuneException.UnsupportedNetwork(
          "there is nothing to train: the head has no projection; give it a dimension, or train"
              + " more than the head",
          null);
    }
  }

  /** The tensor behind which weights are trained; the graph's input if all are. */
  public String trainedFrom() {
    return trainedFrom;
  }

  /** The graph's input. */
  public String input() {
    return card.inputTensor();
  }

  /** The tensor of the backbone's vector. */
  public String pooled() {
    return head.pooled();
  }

  /** The tensor {@code to} from the tensor {@code from}. */
  public Tensor run(String from, Tensor values, String to, Mode mode) {
    if (from.equals(to)) {
      return values;
    }
    return Objects.requireNonNull(executor.run(Map.of(from, values), Set.of(to), mode).get(to));
  }

  /**
   * Multiplies residual branches from now on.
   *
   * @param factors null leaves them as they are
   */
  public void scaleBranches(@Nullable BranchScales factors) {
    executor.scaleBranches(factors);
  }

  /** How many blocks lie between a weight's and the last one; empty for the head. */
  public Optional<Integer> blocksFromEnd(Parameter parameter) {
    return Optional.ofNullable(depth.get(parameter.name()));
  }

  /** Weights that training may change: trained ones, and statistics that batches move. */
  public List<Parameter> changing(boolean statistics) {
    Set<String> moved = new HashSet<>();
    if (statistics) {
      blocks.stream()
          .filter(block -> block.parameters().stream().anyMatch(this::isTrained))
          .forEach(block -> moved.addAll(block.parameters()));
    }
    return parameters.all().stream()
        .filter(
            p ->
                p.trainable()
                    || (p.role() == ParameterRole.RUNNING_STAT && moved.contains(p.name())))
        .toList();
  }

  /** p of GeM pooling as it is now; empty where it is not learned. */
  public Optional<Double> gemPower() {
    return parameters
        .find(GemPower.NAME)
        .map(parameter -> (double) Tensors.floats(parameter.tensor())[0]);
  }

  /** The model with the present weights, without the classifier. */
  public ModelProto export() {
    return parameters.export();
  }

  @Override
  public void close() {
    parameters.close();
  }

  private boolean isTrained(String name) {
    return parameters.find(name).map(Parameter::trainable).orElse(false);
  }
}
