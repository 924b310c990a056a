package dev.likeness.training.operator;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Convolutions over one, two or three spatial axes. */
final class ConvOps {

  private ConvOps() {}

  static void addTo(OperatorRegistry registry) {
    registry.add("Conv", ConvOps::convolution);
  }

  private static List<Value> convolution(OpContext context) {
    Tensor input = context.tensor(0);
    Tensor weight = context.tensor(1);
    long[] weightShape = context.shape(1);
    long[] kernel = Arrays.copyOfRange(weightShape, 2, weightShape.length);
    Window window = Window.of(context.attributes(), kernel, context.shape(0));
    if (!window.isSymmetric()) {
      input = window.pad(input, 0);
      window = window.withoutPadding();
    }
    return context.result(
        torch.convolution(
            input,
            weight,
            context.optionalTensor(2),
            window.stride(),
            window.before(),
            window.dilation(),
            false,
            new long[kernel.length],
            context.attributes().integer("group", 1)));
  }
}
