package dev.likeness.encoders.jpeg;

/**
 * One of a frame's three colours, or its gray.
 *
 * @param horizontal blocks side by side in a unit of the scan, 1 or 2
 * @param vertical blocks below each other there, 1 or 2
 */
record Component(
    int horizontal,
    int vertical,
    QuantizationTable quantization,
    HuffmanTable dc,
    HuffmanTable ac) {

  int blocks() {
    return horizontal * vertical;
  }
}
