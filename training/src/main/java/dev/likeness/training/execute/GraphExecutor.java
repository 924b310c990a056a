package dev.likeness.training.execute;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.likeness.training.graph.ExecutionPlan;
import dev.likeness.training.graph.ResidualBranches;
import dev.likeness.training.graph.TensorValues;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.graph.TrainNode;
import dev.likeness.training.operator.DeviceValue;
import dev.likeness.training.operator.HostLongs;
import dev.likeness.training.operator.OpContext;
import dev.likeness.training.operator.OperatorRegistry;
import dev.likeness.training.operator.UnsupportedOperatorException;
import dev.likeness.training.operator.Value;
import dev.likeness.training.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.jspecify.annotations.Nullable;

/**
 * Runs a graph node by node on libtorch, recorded for backward where weights are trained. A value
 * is freed after its last reader; what backward needs, libtorch keeps. Owned by one thread, to be
 * called inside a {@code TorchScope}.
 */
public final class GraphExecutor {

  private final TrainGraph graph;
  private final ParameterStore parameters;
  private final ExecutionOptions options;
  private final OperatorRegistry operators = OperatorRegistry.standard();
  private final Map<String, Value> integers = new HashMap<>();

  /** From which tensors to which. */
  private record Route(Set<String> given, Set<String> wanted) {}

  private final Map<Route, ExecutionPlan> plans = new HashMap<>();
  private final List<ResidualBranches.Branch> branches;
  private @Nullable BranchScales scales;

  /**
   * @throws UnsupportedOperatorException if an operator of the graph is missing; all are named
   */
  public GraphExecutor(TrainGraph graph, ParameterStore parameters) {
    this(graph, parameters, ExecutionOptions.defaults());
  }

  /**
   * @throws UnsupportedOperatorException if an operator of the graph is missing; all are named
   */
  public GraphExecutor(TrainGraph graph, ParameterStore parameters, ExecutionOptions options) {
    List<String> unsupported = operators.unsupported(graph);
    if (!unsupported.isEmpty()) {
      throw new UnsupportedOperatorException(unsupported);
    }
    this.graph = graph;
    this.parameters = parameters;
    this.options = options;
    this.branches = ResidualBranches.of(graph);
    for (TensorProto tensor : graph.initializers().values()) {
      if (!TensorValues.isFloat(tensor)) {
        integers.put(
            tensor.getName(),
            new HostLongs(TensorValues.longs(tensor), TensorValues.shape(tensor)));
      }
    }
  }

  /**
   * Multiplies residual branches from now on.
   *
   * @param factors null leaves them as they are
   */
  public void scaleBranches(@Nullable BranchScales factors) {
    this.scales = factors;
  }

  /** Runs a graph of one input. */
  public Map<String, Tensor> run(Tensor input, Set<String> wanted, Mode mode) {
    if (graph.inputs().size() != 1) {
      throw new IllegalArgumentException(
          "a network of one input is needed, this one has " + graph.inputs());
    }
    return run(Map.of(graph.inputs().getFirst(), input), wanted, mode);
  }

  /**
   * Runs the part of the graph between two sets of tensors.
   *
   * @param inputs the graph's inputs, or tensors inside the graph: what leads to them is not run
   * @param wanted any tensors of the graph
   * @return the wanted tensors by name; they live as long as the open scope
   * @throws IllegalArgumentException if the graph makes no tensor of a wanted name
   */
  public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> wanted, Mode mode) {
    ExecutionPlan plan =
        plans.computeIfAbsent(
            new Route(Set.copyOf(inputs.keySet()), Set.copyOf(wanted)), this::plan);
    Map<String, Value> values = new HashMap<>(integers);
    parameters.all().forEach(p -> values.put(p.name(), new DeviceValue(p.tensor())));
    inputs.forEach(
        (name, tensor) -> values.put(name, new DeviceValue(laidOut(parameters.placed(tensor)))));
    for (ExecutionPlan.Step step : plan.steps()) {
      run(step.node(), values, mode);
      for (String name : step.released()) {
        release(values.remove(name));
      }
    }
    Map<String, Tensor> results = new HashMap<>();
    for (String name : wanted) {
      if (Objects.requireNonNull(values.get(name)) instanceof DeviceValue device) {
        results.put(name, device.tensor());
      }
    }
    return results;
  }

  private ExecutionPlan plan(Route route) {
    return options.fused()
        ? ExecutionPlan.fused(graph, route.given(), route.wanted())
        : ExecutionPlan.of(graph, route.given(), route.wanted());
  }

  /** Convolutions pass on the layout of what they read. */
  private Tensor laidOut(Tensor input) {
    return options.channelsLast() && input.ndimension() == 4
        ? input.contiguous(MemoryFormat.ChannelsLast)
        : input;
  }

  private void run(TrainNode node, Map<String, Value> values, Mode mode) {
    List<@Nullable Value> inputs = new ArrayList<>();
    for (String name : node.inputs()) {
      inputs.add(name.isEmpty() ? null : values.get(name));
    }
    if (scales != null) {
      scale(scales, node, inputs);
    }
    OpContext context =
        new OpContext(node, inputs, graph.opset(), mode == Mode.TRAIN, parameters.type());
    List<Value> outputs;
    try {
      outputs = operators.run(context);
    } catch (RuntimeException failed) {
      throw new IllegalStateException(
          "node '%s' (%s) fails: %s"
              .formatted(node.name(), node.operator(), firstLine(failed.getMessage())),
          failed);
    }
    for (int i = 0; i < Math.min(outputs.size(), node.outputs().size()); i++) {
      // Constants are made by the processor.
      Value made =
          outputs.get(i) instanceof DeviceValue device
              ? new DeviceValue(parameters.placed(device.tensor()))
              : outputs.get(i);
      values.put(node.outputs().get(i), made);
    }
  }

  private void scale(BranchScales factors, TrainNode node, List<@Nullable Value> inputs) {
    for (int i = 0; i < branches.size(); i++) {
      ResidualBranches.Branch branch = branches.get(i);
      if (branch.node().equals(node.name())
          && inputs.get(branch.input()) instanceof DeviceValue(Tensor values)) {
        float[] perImage = factors.of(i, branches.size());
        long[] shape = new long[Math.toIntExact(values.ndimension())];
        Arrays.fill(shape, 1);
        shape[0] = perImage.length;
        Tensor factor = parameters.placed(Tensors.of(perImage, shape, parameters.type()));
        inputs.set(branch.input(), new DeviceValue(values.mul(factor)));
      }
    }
  }

  private static void release(@Nullable Value value) {
    if (value instanceof DeviceValue device) {
      device.tensor().close();
    }
  }

  /** What follows it in libtorch's messages is a native stack. */
  private static String firstLine(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("no reason given");
  }
}
