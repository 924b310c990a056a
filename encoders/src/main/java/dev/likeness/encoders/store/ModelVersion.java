package dev.likeness.encoders.store;

/**
 * One published version of an encoder.
 *
 * @param version from 1, growing by one with each publication
 */
public record ModelVersion(EncoderName name, int version) {

  public ModelVersion {
    if (version < 1) {
      throw new IllegalArgumentException("a model's version is at least 1, got " + version);
    }
  }

  /** As in {@code resnet50/3}. */
  @Override
  public String toString() {
    return name + "/" + version;
  }
}
