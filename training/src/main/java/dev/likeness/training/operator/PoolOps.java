package dev.likeness.training.operator;

import dev.likeness.training.graph.TrainNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Pooling over two spatial axes, and over all of them. */
final class PoolOps {

  private PoolOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add("MaxPool", PoolOps::max, PoolOps::check)
        .add("AveragePool", PoolOps::average, PoolOps::check)
        .add(
            "GlobalAveragePool",
            context ->
                context.result(
                    torch.mean(
                        context.tensor(0), spatialAxes(context), true, new ScalarTypeOptional())))
        .add(
            "GlobalMaxPool",
            context -> context.result(torch.amax(context.tensor(0), spatialAxes(context), true)));
  }

  private static Optional<String> check(TrainNode node) {
    long[] kernel = node.attributes().integers("kernel_shape");
    if (kernel == null || kernel.length != 2) {
      return Optional.of("a window that is not two-dimensional");
    }
    return node.outputs().size() > 1 ? Optional.of("an output of indices") : Optional.empty();
  }

  private static List<Value> max(OpContext context) {
    Window window = window(context);
    Tensor input = context.tensor(0);
    // Libtorch pads by at most half of the window.
    if (!window.isSymmetric() || exceedsHalf(window)) {
      input = window.pad(input, Double.NEGATIVE_INFINITY);
      window = window.withoutPadding();
    }
    return context.result(
        torch.max_pool2d(
            input,
            window.kernel(),
            window.stride(),
            window.before(),
            window.dilation(),
            ceil(context)));
  }

  private static List<Value> average(OpContext context) {
    Window window = window(context);
    Tensor input = context.tensor(0);
    boolean countPadding = context.attributes().flag("count_include_pad", false);
    if (window.isSymmetric() && !exceedsHalf(window)) {
      return context.result(average(input, window, ceil(context), countPadding));
    }
    Window inner = window.withoutPadding();
    Tensor sum = average(window.pad(input, 0), inner, ceil(context), true);
    if (countPadding) {
      return context.result(sum);
    }
    Tensor share = average(window.pad(torch.ones_like(input), 0), inner, ceil(context), true);
    return context.result(sum.div(share));
  }

  private static Tensor average(Tensor input, Window window, boolean ceil, boolean countPadding) {
    return torch.avg_pool2d(
        input,
        window.kernel(),
        window.stride(),
        window.before(),
        ceil,
        countPadding,
        new LongOptional());
  }

  private static boolean exceedsHalf(Window window) {
    return IntStream.range(0, window.kernel().length)
        .anyMatch(axis -> 2 * window.before()[axis] > window.kernel()[axis]);
  }

  private static Window window(OpContext context) {
    long[] kernel = Objects.requireNonNull(context.attributes().integers("kernel_shape"));
    return Window.of(context.attributes(), kernel, context.shape(0));
  }

  private static boolean ceil(OpContext context) {
    return context.attributes().flag("ceil_mode", false);
  }

  private static long[] spatialAxes(OpContext context) {
    return IntStream.range(2, context.rank(0)).asLongStream().toArray();
  }
}
