package dev.likeness.training.graph;

/** What a float initializer is to the node that reads it. */
public enum ParameterRole {
  WEIGHT(true),
  BIAS(true),
  /** Scale or shift of a normalisation, or a learned factor per channel. */
  NORM(true),
  /** Mean or variance that batch normalisation collects; never has a gradient. */
  RUNNING_STAT(false),
  CONSTANT(false);

  private final boolean trainable;

  ParameterRole(boolean trainable) {
    this.trainable = trainable;
  }

  /** Whether an optimizer may change it. */
  public boolean trainable() {
    return trainable;
  }
}
