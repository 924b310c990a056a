package dev.likeness.encoders.jpeg;

/** One component of a row of pixels: those of even columns and those of odd columns. */
final class PixelPairs {

  final int[] even;
  final int[] odd;

  PixelPairs(int pairs) {
    even = new int[pairs + SampleArithmetic.ROOM_AFTER];
    odd = new int[pairs + SampleArithmetic.ROOM_AFTER];
  }
}
