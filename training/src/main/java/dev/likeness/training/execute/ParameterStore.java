package dev.likeness.training.execute;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.likeness.encoders.graph.GraphTensors;
import dev.likeness.training.graph.ParameterRole;
import dev.likeness.training.graph.TensorValues;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * All float tensors of a graph, and those that only the loss knows. Owned by one thread; close it
 * after every executor and optimizer that uses it.
 */
public final class ParameterStore implements AutoCloseable {

  private final TrainGraph graph;
  private final FloatType type;
  private final Placement placement;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  private ParameterStore(TrainGraph graph, FloatType type, Placement placement) {
    this.graph = graph;
    this.type = type;
    this.placement = placement;
  }

  /** The graph's initializers; everything that can be trained is. */
  public static ParameterStore of(TrainGraph graph, FloatType type) {
    return of(graph, type, Placement.asInFile());
  }

  /** As {@link #of(TrainGraph, FloatType)}, elsewhere. */
  public static ParameterStore of(TrainGraph graph, FloatType type, Placement placement) {
    ParameterStore store = new ParameterStore(graph, type, placement);
    for (TensorProto tensor : graph.initializers().values()) {
      if (TensorValues.isFloat(tensor)) {
        store.put(
            tensor.getName(),
            graph.role(tensor.getName()),
            TensorValues.floats(tensor),
            TensorValues.shape(tensor));
      }
    }
    store.trainOnly(name -> true);
    return store;
  }

  public FloatType type() {
    return type;
  }

  /** A tensor where the weights are: itself, or a copy on the CUDA device. */
  public Tensor placed(Tensor tensor) {
    return placement.cuda() && !tensor.is_cuda()
        ? tensor.to(new Device(DeviceType.CUDA), tensor.scalar_type())
        : tensor;
  }

  /**
   * Adds a weight that is trained and not exported, such as the classes of a loss.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public Parameter add(String name, ParameterRole role, float[] values, long... shape) {
    if (parameters.containsKey(name) || graph.initializers().containsKey(name)) {
      throw new IllegalArgumentException("there is a tensor '%s' already".formatted(name));
    }
    Parameter added = put(name, role, values, shape);
    added.setTrainable(true);
    return added;
  }

  public Optional<Parameter> find(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** In the order of the file. */
  public Collection<Parameter> all() {
    return Collections.unmodifiableCollection(parameters.values());
  }

  public List<Parameter> trainable() {
    return parameters.values().stream().filter(Parameter::trainable).toList();
  }

  /** Freezes all others. Constants and running statistics are never trained. */
  public void trainOnly(Predicate<String> names) {
    parameters.values().forEach(p -> p.setTrainable(names.test(p.name())));
  }

  public void clearGradients() {
    parameters.values().forEach(Parameter::clearGradient);
  }

  /** Replaces a tensor's values; their number must be the same. */
  public void set(String name, float[] values) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("there is no tensor '%s'".formatted(name));
    }
    try (TorchScope scope = TorchScope.withoutGradients()) {
      Tensor copy = Tensors.of(values, Tensors.shape(parameter.tensor()), type);
      Tensor unused = parameter.tensor().copy_(copy);
    }
  }

  /** The model with the present values: same nodes, same names, float32. */
  public ModelProto export() {
    GraphProto.Builder exported = graph.model().getGraph().toBuilder();
    try (TorchScope scope = TorchScope.withoutGradients()) {
      for (int i = 0; i < exported.getInitializerCount(); i++) {
        TensorProto old = exported.getInitializer(i);
        Parameter parameter = parameters.get(old.getName());
        // Constants stay byte for byte, in float64 too.
        if (parameter != null && parameter.role() != ParameterRole.CONSTANT) {
          exported.setInitializer(
              i,
              GraphTensors.floats(
                  old.getName(), Tensors.floats(parameter.tensor()), TensorValues.shape(old)));
        }
      }
    }
    return graph.model().toBuilder().setGraph(exported).build();
  }

  @Override
  public void close() {
    parameters.values().forEach(Parameter::free);
    parameters.clear();
  }

  private Parameter put(String name, ParameterRole role, float[] values, long[] shape) {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      Tensor tensor = laidOut(role, placed(Tensors.of(values, shape, type)));
      Parameter parameter = new Parameter(name, role, tensor);
      parameters.put(name, parameter);
      return parameter;
    }
  }

  private Tensor laidOut(ParameterRole role, Tensor tensor) {
    return placement.channelsLast() && role == ParameterRole.WEIGHT && tensor.ndimension() == 4
        ? tensor.contiguous(MemoryFormat.ChannelsLast)
        : tensor;
  }
}
