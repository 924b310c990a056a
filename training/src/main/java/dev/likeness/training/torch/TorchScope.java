package dev.likeness.training.torch;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;

/**
 * Frees every tensor that its thread makes while it is open. One per training step: without it the
 * garbage collector frees tensors when it likes, which is after memory has grown threefold.
 */
public final class TorchScope implements AutoCloseable {

  private final PointerScope pointers = new PointerScope();
  private final @Nullable NoGradGuard guard;

  private TorchScope(boolean gradients) {
    this.guard = gradients ? null : new NoGradGuard();
  }

  /** Operators are recorded for backward. */
  public static TorchScope training() {
    return new TorchScope(true);
  }

  /** Operators are not recorded: evaluation and updates of weights. */
  public static TorchScope withoutGradients() {
    return new TorchScope(false);
  }

  /** Lets a tensor outlive the scope; whoever keeps it frees it with {@link #free}. */
  public static <T extends Pointer> T keep(T tensor) {
    tensor.retainReference();
    return tensor;
  }

  /** Frees a tensor that was kept, at once. */
  public static void free(Pointer tensor) {
    tensor.deallocate();
  }

  @Override
  public void close() {
    if (guard != null) {
      // Explicitly: the order in which a scope frees its pointers is not that of nested guards.
      guard.close();
    }
    pointers.close();
  }
}
