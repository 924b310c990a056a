package dev.likeness.encoders.quantize;

/**
 * How close the integer vectors are to the float32 ones.
 *
 * @param meanCosine over the images, at most 1
 * @param minCosine of the image that is farthest off
 * @param images that were compared, none of which the ranges were measured on
 */
public record Fidelity(double meanCosine, double minCosine, int images) {}
