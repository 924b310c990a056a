package dev.likeness.training.optimizer;

import dev.likeness.training.execute.Parameter;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The tensors that an optimizer keeps per weight, zero at first, and its step counts. */
final class Slots {

  private final Set<String> names;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Long> steps = new HashMap<>();

  Slots(Set<String> names) {
    this.names = Set.copyOf(names);
  }

  /** Counts a step of the weight, the first is 1. */
  long nextStep(Parameter parameter) {
    return steps.merge(parameter.name(), 1L, Long::sum);
  }

  Tensor get(String slot, Parameter parameter) {
    return tensors.computeIfAbsent(
        slot + "/" + parameter.name(),
        unused -> TorchScope.keep(torch.zeros_like(parameter.tensor().detach())));
  }

  OptimizerState state() {
    Map<String, double[]> values = new HashMap<>();
    try (TorchScope scope = TorchScope.withoutGradients()) {
      tensors.forEach((name, tensor) -> values.put(name, Tensors.doubles(tensor)));
    }
    return new OptimizerState(steps, values);
  }

  void restore(OptimizerState state, Iterable<Parameter> parameters) {
    Set<String> restored = new HashSet<>();
    try (TorchScope scope = TorchScope.withoutGradients()) {
      for (Parameter parameter : parameters) {
        for (String slot : names) {
          String name = slot + "/" + parameter.name();
          double[] values = state.slots().get(name);
          if (values == null) {
            continue;
          }
          if (values.length != parameter.tensor().numel()) {
            throw new IllegalArgumentException(
                "the saved %s has %d values, the weight %d"
                    .formatted(name, values.length, parameter.tensor().numel()));
          }
          Tensor saved = Tensors.of(values, Tensors.shape(parameter.tensor()), FloatType.FLOAT64);
          Tensor unused = get(slot, parameter).copy_(saved);
          restored.add(name);
        }
      }
    }
    if (!restored.containsAll(state.slots().keySet())) {
      throw new IllegalArgumentException(
          "the saved state is of other weights or another optimizer; start the training anew");
    }
    steps.clear();
    steps.putAll(state.steps());
  }

  Map<String, Long> steps() {
    return Map.copyOf(steps);
  }

  Map<String, Tensor> tensors() {
    return Collections.unmodifiableMap(tensors);
  }

  void restoreSteps(Map<String, Long> saved) {
    steps.clear();
    steps.putAll(saved);
  }

  void restoreSlot(String slotAndWeight, float[] values, ParameterStore parameters) {
    int slash = slotAndWeight.indexOf('/');
    String slot = slotAndWeight.substring(0, Math.max(slash, 0));
    Parameter parameter =
        parameters
            .find(slotAndWeight.substring(slash + 1))
            .filter(found -> names.contains(slot) && found.tensor().numel() == values.length)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the saved %s of %d values is of other weights or another optimizer"
                            .formatted(slotAndWeight, values.length)));
    try (TorchScope scope = TorchScope.withoutGradients()) {
      Tensor saved = Tensors.of(values, Tensors.shape(parameter.tensor()), FloatType.FLOAT32);
      Tensor unused = get(slot, parameter).copy_(saved);
    }
  }

  void free() {
    tensors.values().forEach(TorchScope::free);
    tensors.clear();
    steps.clear();
  }
}
