package dev.likeness.training.execute;

/**
 * Where the tensors of a network lie.
 *
 * @param cuda whether on the CUDA device; networks then run there
 * @param channelsLast whether weights of convolutions lie channel by channel within a pixel of the
 *     kernel, as their gradients come where maps lie so; else each step would turn all of them
 */
public record Placement(boolean cuda, boolean channelsLast) {

  /** In the processor's memory, as the file has them. */
  public static Placement asInFile() {
    return new Placement(false, false);
  }
}
