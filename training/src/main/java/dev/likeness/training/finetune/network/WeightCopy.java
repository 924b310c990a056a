package dev.likeness.training.finetune.network;

import dev.likeness.training.execute.Parameter;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Weights at some moment, or a mean of several moments, outside of the Java heap. Owned by one
 * thread; to be closed.
 */
public final class WeightCopy implements AutoCloseable {

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private WeightCopy() {}

  /** The present values. */
  public static WeightCopy of(List<Parameter> parameters) {
    WeightCopy copy = new WeightCopy();
    try (TorchScope scope = TorchScope.withoutGradients()) {
      for (Parameter parameter : parameters) {
        copy.tensors.put(parameter.name(), TorchScope.keep(parameter.tensor().detach().clone()));
      }
    }
    return copy;
  }

  /** Takes over the present values of the same weights. */
  public void take(ParameterStore parameters) {
    follow(parameters, 0);
  }

  /** this = kept · this + (1 − kept) · present. */
  public void follow(ParameterStore parameters, double kept) {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      tensors.forEach(
          (name, tensor) -> {
            Tensor present = weight(parameters, name).detach();
            Tensor unused =
                kept == 0 ? tensor.copy_(present) : tensor.lerp_(present, new Scalar(1 - kept));
          });
    }
  }

  /** Puts these values into the weights. */
  public void restore(ParameterStore parameters) {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      tensors.forEach(
          (name, tensor) -> {
            Tensor unused = weight(parameters, name).copy_(tensor);
          });
    }
  }

  /** Puts share · start + (1 − share) · this into the weights; both copies stay. */
  public void restoreMixed(ParameterStore parameters, WeightCopy start, double share) {
    restore(parameters);
    try (TorchScope scope = TorchScope.withoutGradients()) {
      start.tensors.forEach(
          (name, tensor) -> {
            Tensor unused = weight(parameters, name).lerp_(tensor, new Scalar(share));
          });
    }
  }

  /** By name; they belong to the copy. */
  public Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  /** Sets one tensor. */
  public void set(String name, float[] values) {
    Tensor tensor = tensors.get(name);
    if (tensor == null || tensor.numel() != values.length) {
      throw new IllegalArgumentException(
          "the saved '%s' of %d values is of another network".formatted(name, values.length));
    }
    try (TorchScope scope = TorchScope.withoutGradients()) {
      Tensor unused = tensor.copy_(Tensors.of(values, Tensors.shape(tensor), FloatType.FLOAT32));
    }
  }

  @Override
  public void close() {
    tensors.values().forEach(TorchScope::free);
    tensors.clear();
  }

  private static Tensor weight(ParameterStore parameters, String name) {
    return parameters
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException("there is no weight '%s'".formatted(name)))
        .tensor();
  }
}
