package dev.likeness.training.optimizer;

import dev.likeness.training.execute.Parameter;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.torch.TorchScope;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Gradient descent with momentum: v ← momentum · v + g + decay · p; p −= rate · v. */
public final class Sgd implements Optimizer {

  private static final String VELOCITY = "velocity";

  private final ParameterStore parameters;
  private final double momentum;
  private final double weightDecay;
  private final Slots slots = new Slots(Set.of(VELOCITY));

  /**
   * @param momentum in [0, 1)
   * @param weightDecay at least 0, added to the gradient
   */
  public Sgd(ParameterStore parameters, double momentum, double weightDecay) {
    if (!(momentum >= 0 && momentum < 1) || !(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "momentum must be in [0, 1) and weight decay at least 0, got %s and %s"
              .formatted(momentum, weightDecay));
    }
    this.parameters = parameters;
    this.momentum = momentum;
    this.weightDecay = weightDecay;
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

  @SuppressWarnings("CheckReturnValue")
  private void update(Parameter parameter, Tensor gradient, double rate) {
    Tensor weight = parameter.tensor();
    Tensor direction = gradient.add(weight, new Scalar(weightDecay));
    if (momentum > 0) {
      slots.nextStep(parameter);
      direction = slots.get(VELOCITY, parameter).mul_(new Scalar(momentum)).add_(direction);
    }
    weight.sub_(direction, new Scalar(rate));
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
