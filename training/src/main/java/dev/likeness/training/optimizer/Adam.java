package dev.likeness.training.optimizer;

import dev.likeness.training.execute.Parameter;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.torch.TorchScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * D. Kingma and J. Ba, 2015, "Adam", with bias correction; with weight decay it is AdamW (I.
 * Loshchilov and F. Hutter, 2019), which shrinks weights before the update and apart from
 * gradients: p −= rate · decay · p; m, v ← gradient; p −= rate · m̂ / (√v̂ + ε).
 */
public final class Adam implements Optimizer {

  private static final String FIRST = "firstMoment";
  private static final String SECOND = "secondMoment";

  private final ParameterStore parameters;
  private final AdamSettings settings;

  /** Weights of one pace are updated together. */
  private record Pace(double rate, long step) {}

  private final Slots slots = new Slots(Set.of(FIRST, SECOND));

  public Adam(ParameterStore parameters, AdamSettings settings) {
    this.parameters = parameters;
    this.settings = settings;
  }

  @Override
  public void step(ToDoubleFunction<Parameter> learningRate) {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      Map<Pace, List<AdamSweep.Update>> updates = new LinkedHashMap<>();
      for (Parameter parameter : parameters.trainable()) {
        parameter
            .gradient()
            .ifPresent(
                gradient -> {
                  double rate = learningRate.applyAsDouble(parameter);
                  Pace pace = new Pace(rate, slots.nextStep(parameter));
                  updates
                      .computeIfAbsent(pace, unused -> new ArrayList<>())
                      .add(update(parameter, gradient));
                });
      }
      AdamSweep sweep = new AdamSweep(settings);
      updates.forEach((pace, weights) -> sweep.run(weights, pace.rate(), pace.step()));
    }
  }

  private AdamSweep.Update update(Parameter parameter, Tensor gradient) {
    return AdamSweep.Update.of(
        parameter.tensor(), gradient, slots.get(FIRST, parameter), slots.get(SECOND, parameter));
  }

  @Override
  public OptimizerState state() {
    return slots.state();
  }

  @Override
  public void restore(OptimizerState state) {
    slots.restore(state, parameters.all());
  }

  @Override
  public Map<String, Long> steps() {
    return slots.steps();
  }

  @Override
  public Map<String, Tensor> slots() {
    return slots.tensors();
  }

  @Override
  public void restoreSteps(Map<String, Long> steps) {
    slots.restoreSteps(steps);
  }

  @Override
  public void restoreSlot(String slotAndWeight, float[] values) {
    slots.restoreSlot(slotAndWeight, values, parameters);
  }

  @Override
  public void close() {
    slots.free();
  }
}
