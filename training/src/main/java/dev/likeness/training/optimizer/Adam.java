package dev.likeness.training.optimizer;

import dev.likeness.training.execute.Parameter;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.torch.TorchScope;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * D. Kingma and J. Ba, 2015, "Adam", with bias correction; with weight decay it is AdamW (I.
 * Loshchilov and F. Hutter, 2019), which shrinks weights before the update and apart from
 * gradients.
 */
public final class Adam implements Optimizer {

  private static final String FIRST = "firstMoment";
  private static final String SECOND = "secondMoment";

  private final ParameterStore parameters;
  private final AdamSettings settings;
  private final Slots slots = new Slots(Set.of(FIRST, SECOND));

  public Adam(ParameterStore parameters, AdamSettings settings) {
    this.parameters = parameters;
    this.settings = settings;
  }

  @Override
  public void step(ToDoubleFunction<Parameter> learningRate) {
    try (TorchScope scope = TorchScope.withoutGradients()) {
      for (Parameter parameter : parameters.trainable()) {
        parameter
            .gradient()
            .ifPresent(
                gradient -> update(parameter, gradient, learningRate.applyAsDouble(parameter)));
      }
    }
  }

  /** All in place: p −= rate · decay · p; m, v ← gradient; p −= rate · m̂ / (√v̂ + ε). */
  @SuppressWarnings("CheckReturnValue")
  private void update(Parameter parameter, Tensor gradient, double rate) {
    Tensor weight = parameter.tensor();
    if (settings.weightDecay() > 0) {
      weight.mul_(new Scalar(1 - rate * settings.weightDecay()));
    }
    double step = slots.nextStep(parameter);
    Tensor first = slots.get(FIRST, parameter);
    Tensor second = slots.get(SECOND, parameter);
    first.lerp_(gradient, new Scalar(1 - settings.beta1()));
    second
        .mul_(new Scalar(settings.beta2()))
        .addcmul_(gradient, gradient, new Scalar(1 - settings.beta2()));
    double firstCorrection = 1 - Math.pow(settings.beta1(), step);
    double secondCorrection = 1 - Math.pow(settings.beta2(), step);
    Tensor deviation =
        second
            .sqrt()
            .div_(new Scalar(Math.sqrt(secondCorrection)))
            .add_(new Scalar(settings.epsilon()));
    weight.addcdiv_(first, deviation, new Scalar(-rate / firstCorrection));
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
