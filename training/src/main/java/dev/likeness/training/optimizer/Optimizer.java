package dev.likeness.training.optimizer;

import dev.likeness.training.execute.Parameter;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;

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

  /** Updates that each weight had. */
  Map<String, Long> steps();

  /**
   * The tensors kept so far, by name of the slot and the weight; for large networks, whose {@link
   * #state} would fill the heap. They belong to the optimizer.
   */
  Map<String, Tensor> slots();

  /** Sets the updates that each weight had. */
  void restoreSteps(Map<String, Long> steps);

  /**
   * Sets one tensor of {@link #slots}.
   *
   * @throws IllegalArgumentException if it is of no weight here or of another size
   */
  void restoreSlot(String slotAndWeight, float[] values);

  @Override
  void close();
}
