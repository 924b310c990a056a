package dev.likeness.training.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Operators that change the shape and no value. */
final class ShapeOps {

  private ShapeOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add("Shape", ShapeOps::shape)
        .add("Size", ShapeOps::size)
        .add("Reshape", ShapeOps::reshape)
        .add("Flatten", ShapeOps::flatten)
        .add("Transpose", ShapeOps::transpose)
        .add("Squeeze", ShapeOps::squeeze)
        .add("Unsqueeze", ShapeOps::unsqueeze)
        .add("Concat", ShapeOps::concat)
        .add("Split", ShapeOps::split)
        .add("Expand", ShapeOps::expand)
        .add("Tile", context -> context.result(context.tensor(0).repeat(context.longs(1))));
  }

  private static List<Value> shape(OpContext context) {
    long[] shape = context.shape(0);
    int start = clamped(context.attributes().integer("start", 0), shape.length);
    int end = clamped(context.attributes().integer("end", shape.length), shape.length);
    return List.of(HostLongs.list(Arrays.copyOfRange(shape, start, Math.max(start, end))));
  }

  private static int clamped(long axis, int rank) {
    return Math.toIntExact(Math.clamp(axis < 0 ? axis + rank : axis, 0, rank));
  }

  private static List<Value> size(OpContext context) {
    long size = Arrays.stream(context.shape(0)).reduce(1, Math::multiplyExact);
    return List.of(new HostLongs(new long[] {size}));
  }

  /** A size of 0 keeps the input's, unless {@code allowzero} says otherwise. */
  private static List<Value> reshape(OpContext context) {
    long[] shape = context.longs(1);
    if (!context.attributes().flag("allowzero", false)) {
      long[] before = context.shape(0);
      for (int axis = 0; axis < shape.length; axis++) {
        shape[axis] = shape[axis] == 0 ? before[axis] : shape[axis];
      }
    }
    return reshaped(context, shape);
  }

  private static List<Value> flatten(OpContext context) {
    long[] shape = context.shape(0);
    int axis = context.axis("axis", 1, shape.length);
    return reshaped(
        context, new long[] {product(shape, 0, axis), product(shape, axis, shape.length)});
  }

  private static long product(long[] shape, int from, int to) {
    return Arrays.stream(shape, from, to).reduce(1, Math::multiplyExact);
  }

  private static List<Value> transpose(OpContext context) {
    int rank = context.rank(0);
    long[] order = context.attributes().integers("perm");
    long[] reversed = IntStream.range(0, rank).mapToLong(axis -> rank - 1 - axis).toArray();
    return context.result(context.tensor(0).permute(order == null ? reversed : order));
  }

  private static List<Value> squeeze(OpContext context) {
    long[] shape = context.shape(0);
    boolean[] dropped = new boolean[shape.length];
    long[] axes =
        context
            .longs(1, "axes")
            .orElseGet(
                () ->
                    IntStream.range(0, shape.length)
                        .filter(axis -> shape[axis] == 1)
                        .asLongStream()
                        .toArray());
    for (long axis : axes) {
      dropped[OpContext.axis(axis, shape.length)] = true;
    }
    return reshaped(
        context,
        IntStream.range(0, shape.length)
            .filter(axis -> !dropped[axis])
            .mapToLong(axis -> shape[axis])
            .toArray());
  }

  private static List<Value> unsqueeze(OpContext context) {
    long[] shape = context.shape(0);
    long[] axes = context.longs(1, "axes").orElseThrow();
    long[] grown = new long[shape.length + axes.length];
    for (long axis : axes) {
      grown[OpContext.axis(axis, grown.length)] = 1;
    }
    int next = 0;
    for (int axis = 0; axis < grown.length; axis++) {
      // A zero is a place that no new axis took; sizes of 0 do not occur among new ones.
      if (grown[axis] == 0) {
        grown[axis] = shape[next++];
      }
    }
    return reshaped(context, grown);
  }

  private static List<Value> reshaped(OpContext context, long[] shape) {
    if (context.value(0) instanceof HostLongs host && product(shape, 0, shape.length) >= 0) {
      return List.of(new HostLongs(host.values(), shape));
    }
    return List.of(new DeviceValue(context.tensor(0).reshape(shape)));
  }

  private static List<Value> concat(OpContext context) {
    TensorVector parts = new TensorVector();
    for (int i = 0; i < context.inputs().size(); i++) {
      parts.push_back(context.tensor(i));
    }
    int axis = context.axis("axis", 0, context.rank(0));
    return context.result(torch.cat(parts, axis));
  }

  private static List<Value> split(OpContext context) {
    Tensor input = context.tensor(0);
    long[] shape = context.shape(0);
    int axis = context.axis("axis", 0, shape.length);
    int count = context.node().outputs().size();
    // Without sizes all parts are equal and the last may be smaller.
    long part = (shape[axis] + count - 1) / count;
    long[] sizes =
        context
            .longs(1, "split")
            .orElseGet(
                () ->
                    IntStream.range(0, count)
                        .mapToLong(i -> Math.min(part, shape[axis] - i * part))
                        .toArray());
    TensorVector parts = input.split_with_sizes(sizes, axis);
    List<Value> values = new ArrayList<>();
    for (long i = 0; i < parts.size(); i++) {
      values.add(
          context.allOnHost()
              ? context.value(parts.get(i))
              : new DeviceValue(parts.get(i).alias()));
    }
    return values;
  }

  /** Both shapes may have the ones that are stretched. */
  private static List<Value> expand(OpContext context) {
    long[] own = context.shape(0);
    long[] asked = context.longs(1);
    int rank = Math.max(own.length, asked.length);
    long[] shape = new long[rank];
    for (int fromEnd = 1; fromEnd <= rank; fromEnd++) {
      long mine = fromEnd <= own.length ? own[own.length - fromEnd] : 1;
      long other = fromEnd <= asked.length ? asked[asked.length - fromEnd] : 1;
      shape[rank - fromEnd] = mine == 1 ? other : mine;
    }
    return context.result(context.tensor(0).expand(shape));
  }
}
