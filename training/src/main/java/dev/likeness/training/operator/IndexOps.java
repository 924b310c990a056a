package dev.likeness.training.operator;

import dev.likeness.training.graph.TrainNode;
import dev.likeness.training.torch.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Taking parts of a tensor, and putting room around it. */
final class IndexOps {

  private IndexOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add("Gather", IndexOps::gather)
        .add("Slice", IndexOps::slice)
        .add("Pad", IndexOps::pad, IndexOps::checkPad);
  }

  /** Entries along an axis; the indices' shape takes the axis' place. */
  private static List<Value> gather(OpContext context) {
    long[] shape = context.shape(0);
    int axis = context.axis("axis", 0, shape.length);
    long[] indexShape = context.shape(1);
    long[] indices = context.longs(1);
    for (int i = 0; i < indices.length; i++) {
      indices[i] = indices[i] < 0 ? indices[i] + shape[axis] : indices[i];
    }
    Tensor input = context.tensor(0);
    if (indexShape.length == 0) {
      return context.result(input.select(axis, indices[0]));
    }
    Tensor index = Tensors.of(indices, indices.length).to(input.device(), torch.ScalarType.Long);
    Tensor rows = torch.index_select(input, axis, index);
    return context.result(rows.reshape(spliced(shape, axis, indexShape)));
  }

  private static long[] spliced(long[] shape, int axis, long[] middle) {
    long[] result = new long[shape.length - 1 + middle.length];
    System.arraycopy(shape, 0, result, 0, axis);
    System.arraycopy(middle, 0, result, axis, middle.length);
    System.arraycopy(shape, axis + 1, result, axis + middle.length, shape.length - axis - 1);
    return result;
  }

  private static List<Value> slice(OpContext context) {
    long[] shape = context.shape(0);
    long[] starts = context.longs(1, "starts").orElseThrow();
    long[] ends = context.longs(2, "ends").orElseThrow();
    long[] axes =
        context
            .longs(3, "axes")
            .orElseGet(() -> IntStream.range(0, starts.length).asLongStream().toArray());
    Tensor result = context.tensor(0).alias();
    for (int i = 0; i < starts.length; i++) {
      int axis = OpContext.axis(axes[i], shape.length);
      long step = context.has(4) ? context.longs(4)[i] : 1;
      result =
          step > 0
              ? forwards(result, axis, shape[axis], starts[i], ends[i], step)
              : backwards(result, axis, shape[axis], starts[i], ends[i], step);
    }
    return context.result(result);
  }

  private static Tensor forwards(
      Tensor input, int axis, long size, long start, long end, long step) {
    long from = Math.clamp(start < 0 ? start + size : start, 0, size);
    long to = Math.clamp(end < 0 ? end + size : end, 0, size);
    LongOptional last = new LongOptional(Math.max(from, to));
    return input.slice(axis, new LongOptional(from), last, step);
  }

  /** From start down to, and without, end. */
  private static Tensor backwards(
      Tensor input, int axis, long size, long start, long end, long step) {
    long from = Math.clamp(start < 0 ? start + size : start, 0, size - 1);
    long to = Math.clamp(end < 0 ? end + size : end, -1, size - 1);
    long count = Math.max(0, (from - to - step - 1) / -step);
    long[] indices = IntStream.range(0, (int) count).mapToLong(i -> from + i * step).toArray();
    Tensor index = Tensors.of(indices, count).to(input.device(), torch.ScalarType.Long);
    return torch.index_select(input, axis, index);
  }

  private static Optional<String> checkPad(TrainNode node) {
    String mode = node.attributes().text("mode", "constant");
    return mode.equals("constant") ? Optional.empty() : Optional.of("mode " + mode);
  }

  private static List<Value> pad(OpContext context) {
    int rank = context.rank(0);
    long[] given = context.longs(1, "pads").orElseThrow();
    long[] axes = IntStream.range(0, given.length / 2).asLongStream().toArray();
    if (context.has(3)) {
      axes = context.longs(3);
    }
    long[] pads = new long[2 * rank];
    for (int i = 0; i < axes.length; i++) {
      int place = 2 * (rank - 1 - OpContext.axis(axes[i], rank)); // libtorch begins with the last
      pads[place] = given[i];
      pads[place + 1] = given[i + axes.length];
    }
    double value =
        context.has(2) ? context.tensor(2).item_double() : context.attributes().number("value", 0);
    return context.result(torch.constant_pad_nd(context.tensor(0), pads, new Scalar(value)));
  }
}
