package dev.likeness.training.operator;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Sums, means and extremes along axes. */
final class ReduceOps {

  private interface Reduction {
    Tensor apply(Tensor input, long[] axes, boolean keep);
  }

  private ReduceOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add("ReduceMean", kernel(ReduceOps::mean))
        .add("ReduceSum", kernel(ReduceOps::sum))
        .add("ReduceMax", kernel(torch::amax))
        .add("ReduceMin", kernel(torch::amin))
        .add("ReduceProd", kernel(ReduceOps::product))
        .add("ReduceSumSquare", kernel((x, axes, keep) -> sum(x.mul(x), axes, keep)))
        .add("ReduceL1", kernel((x, axes, keep) -> sum(torch.abs(x), axes, keep)))
        .add("ReduceL2", kernel(ReduceOps::length));
  }

  private static OpKernel kernel(Reduction reduction) {
    return context -> reduce(context, reduction);
  }

  private static List<Value> reduce(OpContext context, Reduction reduction) {
    int rank = context.rank(0);
    long[] given = context.longs(1, "axes").orElse(new long[0]);
    if (given.length == 0 && context.attributes().flag("noop_with_empty_axes", false)) {
      return context.result(context.tensor(0).alias());
    }
    long[] axes = new long[given.length];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = OpContext.axis(given[i], rank);
    }
    long[] all = IntStream.range(0, rank).asLongStream().toArray();
    boolean keep = context.attributes().flag("keepdims", true);
    return context.result(reduction.apply(context.tensor(0), axes.length == 0 ? all : axes, keep));
  }

  private static Tensor mean(Tensor x, long[] axes, boolean keep) {
    return torch.mean(x, axes, keep, new ScalarTypeOptional());
  }

  private static Tensor sum(Tensor x, long[] axes, boolean keep) {
    return torch.sum(x, axes, keep, new ScalarTypeOptional());
  }

  private static Tensor length(Tensor x, long[] axes, boolean keep) {
    return torch.linalg_vector_norm(x, new Scalar(2.0), axes, keep, new ScalarTypeOptional());
  }

  /** Axis after axis, from the last, so that the numbers of the others stay. */
  private static Tensor product(Tensor x, long[] axes, boolean keep) {
    long[] sorted = axes.clone();
    Arrays.sort(sorted);
    Tensor result = x.alias();
    for (int i = sorted.length - 1; i >= 0; i--) {
      result = torch.prod(result, sorted[i], keep, new ScalarTypeOptional());
    }
    return result;
  }
}
