package dev.likeness.training.torch;

import org.bytedeco.pytorch.global.torch.ScalarType;

/** What a graph is computed in: float32, or float64 to tell rounding from mistakes. */
public enum FloatType {
  FLOAT32(ScalarType.Float),
  FLOAT64(ScalarType.Double);

  private final ScalarType scalarType;

  FloatType(ScalarType scalarType) {
    this.scalarType = scalarType;
  }

  public ScalarType scalarType() {
    return scalarType;
  }
}
