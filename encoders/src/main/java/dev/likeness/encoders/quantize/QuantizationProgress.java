package dev.likeness.encoders.quantize;

/** Told how far a quantisation is; both methods are called by the thread that runs it. */
public interface QuantizationProgress {

  /** What is being done, in a short sentence. */
  void step(String sentence);

  /**
   * How many of the images have been run through the network.
   *
   * @param done from 1
   * @param total of all runs
   */
  void images(int done, int total);
}
