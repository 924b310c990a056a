package dev.likeness.training.torch;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Copies between Java arrays and tensors, row-major. */
public final class Tensors {

  private Tensors() {}

  /** A tensor of the given type; without a shape it is a scalar. */
  public static Tensor of(float[] values, long[] shape, FloatType type) {
    return Tensor.create(values, shape).to(type.scalarType());
  }

  public static Tensor of(double[] values, long[] shape, FloatType type) {
    return Tensor.create(values, shape).to(type.scalarType());
  }

  /** An int64 tensor. */
  public static Tensor of(long[] values, long... shape) {
    return Tensor.create(values, shape);
  }

  public static float[] floats(Tensor tensor) {
    Tensor plain = plain(tensor, ScalarType.Float);
    float[] values = new float[length(plain)];
    if (values.length > 0) {
      FloatBuffer buffer = plain.createBuffer();
      buffer.get(values);
    }
    return values;
  }

  public static double[] doubles(Tensor tensor) {
    Tensor plain = plain(tensor, ScalarType.Double);
    double[] values = new double[length(plain)];
    if (values.length > 0) {
      DoubleBuffer buffer = plain.createBuffer();
      buffer.get(values);
    }
    return values;
  }

  /** Integers, or the truth as 0 and 1. */
  public static long[] longs(Tensor tensor) {
    Tensor plain = plain(tensor, ScalarType.Long);
    long[] values = new long[length(plain)];
    if (values.length > 0) {
      LongBuffer buffer = plain.createBuffer();
      buffer.get(values);
    }
    return values;
  }

  /** Rank 0 and empty shapes included. */
  public static long[] shape(Tensor tensor) {
    long[] shape = new long[Math.toIntExact(tensor.ndimension())];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = tensor.size(axis);
    }
    return shape;
  }

  private static Tensor plain(Tensor tensor, ScalarType type) {
    return tensor.detach().to(new Device(DeviceType.CPU), type).contiguous();
  }

  private static int length(Tensor tensor) {
    return Math.toIntExact(tensor.numel());
  }
}
