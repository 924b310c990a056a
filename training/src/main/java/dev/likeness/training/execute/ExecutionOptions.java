package dev.likeness.training.execute;

/**
 * How a graph is run; results differ by rounding only.
 *
 * @param fused whether nodes are joined that libtorch has one operator for
 * @param channelsLast whether maps lie pixel by pixel in memory; which layout is faster depends on
 *     processor and network
 */
public record ExecutionOptions(boolean fused, boolean channelsLast) {

  /** Joined nodes; the layout as images come, which rounds most like ONNX Runtime. */
  public static ExecutionOptions defaults() {
    return new ExecutionOptions(true, false);
  }

  /** Joined nodes, pixel by pixel: depthwise convolutions take half the time so. */
  public static ExecutionOptions fastOnProcessors() {
    return new ExecutionOptions(true, true);
  }

  /** Node by node as the file has it. */
  public static ExecutionOptions plain() {
    return new ExecutionOptions(false, false);
  }
}
