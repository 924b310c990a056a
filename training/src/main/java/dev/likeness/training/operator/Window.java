package dev.likeness.training.operator;

import dev.likeness.training.graph.NodeAttributes;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The sliding window of a convolution or pooling, one entry per spatial axis.
 *
 * @param before padding in front
 * @param after padding behind
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call only
record Window(long[] kernel, long[] stride, long[] dilation, long[] before, long[] after) {

  /**
   * @param kernel sizes of the window
   * @param input shape of what it slides over
   */
  static Window of(NodeAttributes attributes, long[] kernel, long[] input) {
    int axes = kernel.length;
    long[] stride = orOnes(attributes.integers("strides"), axes);
    long[] dilation = orOnes(attributes.integers("dilations"), axes);
    long[] pads = attributes.integers("pads");
    String auto = attributes.text("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) {
      return same(kernel, stride, dilation, input, auto.equals("SAME_UPPER"));
    }
    if (pads == null || auto.equals("VALID")) {
      return new Window(kernel, stride, dilation, new long[axes], new long[axes]);
    }
    long[] before = Arrays.copyOf(pads, axes);
    return new Window(kernel, stride, dilation, before, Arrays.copyOfRange(pads, axes, 2 * axes));
  }

  boolean isSymmetric() {
    return Arrays.equals(before, after);
  }

  boolean isPadded() {
    return Arrays.stream(before).anyMatch(n -> n != 0)
        || Arrays.stream(after).anyMatch(n -> n != 0);
  }

  /** The input with the padding around it, and the window without. */
  Tensor pad(Tensor input, double value) {
    long[] pads = new long[2 * kernel.length];
    for (int axis = 0; axis < kernel.length; axis++) {
      int place = 2 * (kernel.length - 1 - axis); // libtorch begins with the last axis
      pads[place] = before[axis];
      pads[place + 1] = after[axis];
    }
    return torch.constant_pad_nd(input, pads, new Scalar(value));
  }

  Window withoutPadding() {
    return new Window(kernel, stride, dilation, new long[kernel.length], new long[kernel.length]);
  }

  private static Window same(
      long[] kernel, long[] stride, long[] dilation, long[] input, boolean upper) {
    long[] less = new long[kernel.length];
    long[] more = new long[kernel.length];
    for (int axis = 0; axis < kernel.length; axis++) {
      long size = input[axis + 2];
      long outputs = (size + stride[axis] - 1) / stride[axis];
      long reach = (kernel[axis] - 1) * dilation[axis] + 1;
      long missing = Math.max(0, (outputs - 1) * stride[axis] + reach - size);
      less[axis] = missing / 2;
      more[axis] = missing - missing / 2;
    }
    return upper
        ? new Window(kernel, stride, dilation, less, more)
        : new Window(kernel, stride, dilation, more, less);
  }

  private static long[] orOnes(long @Nullable [] given, int axes) {
    if (given != null) {
      return given;
    }
    long[] ones = new long[axes];
    Arrays.fill(ones, 1);
    return ones;
  }
}
