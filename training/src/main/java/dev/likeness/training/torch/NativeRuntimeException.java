package dev.likeness.training.torch;

import java.util.Objects;

/** Libtorch cannot be used in this process. */
public final class NativeRuntimeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NativeRuntimeException(String message) {
    super(message);
  }

  NativeRuntimeException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
