package dev.likeness.training.optimizer;

import dev.likeness.training.execute.Parameter;
import java.util.function.ToDoubleFunction;

/**
 * Changes weights by their gradients; a weight without a gradient stays. Has tensors of its own per
 * weight from its first step on. Owned by one thread; close it before the parameters.
 */
public sealed interface Optimizer extends AutoCloseable permits Adam, Sgd {

  /** Updates all trainable weights, each with its own learning rate. */
  void step(ToDoubleFunction<Parameter> learningRate);

  /** Updates all with one rate. */
  default void step(double learningRate) {
    step(parameter -> learningRate);
  }

  /** What must be saved to continue exactly here. */
  OptimizerState state();

  /**
   * @throws IllegalArgumentException if it is of other weights or another kind of optimizer
   */
  void restore(OptimizerState state);

  @Override
  void close();
}
