/**
 * From a network's name to a published package: finds, downloads and checks the weights, fills the
 * graph and publishes it; start at {@link dev.likeness.encoders.pull.EncoderPull}.
 */
@NullMarked
package dev.likeness.encoders.pull;

import org.jspecify.annotations.NullMarked;
