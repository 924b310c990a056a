package dev.likeness.encoders.preprocess;

/** Where a centre crop begins when the margin is odd; the two differ by one pixel. */
public enum CropOffset {
  /** torchvision: half the margin, halves to the even neighbour. */
  ROUND_HALF_EVEN {
    @Override
    int of(int size, int cropSize) {
      return (int) Math.rint((size - cropSize) / 2.0);
    }
  },
  /** Hugging Face image processors: half the margin, rounded down. */
  FLOOR {
    @Override
    int of(int size, int cropSize) {
      return (size - cropSize) / 2;
    }
  };

  abstract int of(int size, int cropSize);
}
