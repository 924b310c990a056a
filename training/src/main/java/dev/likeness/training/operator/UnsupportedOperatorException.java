package dev.likeness.training.operator;

import java.util.List;

/** A graph holds operators that cannot be trained through. */
public final class UnsupportedOperatorException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final List<String> operators;

  public UnsupportedOperatorException(List<String> operators) {
    super(
        "the model cannot be fine-tuned, training lacks: %s; export it with standard operators"
            .formatted(String.join("; ", operators)));
    this.operators = List.copyOf(operators);
  }

  /** What is missing, one line each. */
  public List<String> operators() {
    return List.copyOf(operators);
  }
}
