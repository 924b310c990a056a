package dev.likeness.encoders.architecture;

import dev.likeness.encoders.store.Pooling;

/**
 * What can be chosen about a network beside its weights.
 *
 * @param size of the input; every transformer's sides are multiples of its patch
 * @param pooling how the last map or tokens become one vector
 * @param positionRule how position embeddings follow the input size; convolutional networks have
 *     none
 * @param mirrorAverage whether the vector is the mean of the image's and of its mirror image's
 */
public record NetworkOptions(
    InputSize size, Pooling pooling, PositionRule positionRule, boolean mirrorAverage) {

  /** Of the image alone. */
  public NetworkOptions(InputSize size, Pooling pooling, PositionRule positionRule) {
    this(size, pooling, positionRule, false);
  }
}
