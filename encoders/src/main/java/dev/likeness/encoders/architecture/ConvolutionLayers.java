package dev.likeness.encoders.architecture;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import dev.likeness.encoders.graph.GraphBuilder;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.store.Pooling;
import java.util.List;

/**
 * The layers that convolutional networks are made of. Names are those of the checkpoint's tensors
 * without {@code .weight}; maps are [N, channels, height, width].
 *
 * @param epsilon of batch normalisation
 */
record ConvolutionLayers(GraphBuilder net, float epsilon) {

  private static final float SMALLEST_BEFORE_POWER = 1e-6f;

  /** A convolution without bias, padded so that stride 1 keeps the size. */
  String convolution(String name, String x, int in, int out, int kernel, int stride) {
    return convolve(name, List.of(x, weight(name, out, in, kernel)), kernel, stride, 1);
  }

  /** Each channel by itself. */
  String depthwise(String name, String x, int channels, int kernel, int stride) {
    List<String> inputs = List.of(x, weight(name, channels, 1, kernel));
    return convolve(name, inputs, kernel, stride, channels);
  }

  /** 1×1 with bias. */
  String pointwise(String name, String x, int in, int out) {
    String bias = net.weight(name + ".bias", out);
    return convolve(name, List.of(x, weight(name, out, in, 1), bias), 1, 1, 1);
  }

  /** Not folded into the convolution, so that training can update it; runtimes fold it. */
  String batchNorm(String name, String x, int channels) {
    return net.node(
        "BatchNormalization",
        name,
        List.of(
            x,
            net.weight(name + ".weight", channels),
            net.weight(name + ".bias", channels),
            net.weight(name + ".running_mean", channels),
            net.weight(name + ".running_var", channels)),
        attribute("epsilon", epsilon));
  }

  String relu(String name, String x) {
    return net.node("Relu", name + ".relu", List.of(x));
  }

  /** x · sigmoid(x). */
  String silu(String name, String x) {
    return multiply(name + ".silu", x, sigmoid(name + ".silu", x));
  }

  String sigmoid(String name, String x) {
    return net.node("Sigmoid", name + ".sigmoid", List.of(x));
  }

  String multiply(String name, String left, String right) {
    return net.node("Mul", name + ".multiply", List.of(left, right));
  }

  String add(String name, String left, String right) {
    return net.node("Add", name + ".add", List.of(left, right));
  }

  /** Side by side in the channels. */
  String concatenate(String name, List<String> maps) {
    return net.node("Concat", name + ".concat", maps, attribute("axis", 1L));
  }

  /**
   * @param ceil whether a window that is not full at the edge counts
   */
  String maxPool(String name, String x, int kernel, int stride, int padding, boolean ceil) {
    return net.node(
        "MaxPool",
        name,
        List.of(x),
        attribute("kernel_shape", kernel, kernel),
        attribute("strides", stride, stride),
        attribute("pads", padding, padding, padding, padding),
        attribute("ceil_mode", ceil ? 1L : 0L));
  }

  /** [N, C, H, W] to [N, C, 1, 1]. */
  String average(String name, String x) {
    return net.node("GlobalAveragePool", name + ".average", List.of(x));
  }

  /** [N, C, H, W] to the vector [N, C]. */
  String pool(String x, Pooling pooling) {
    String pooled =
        switch (pooling) {
          case GAP -> average("pooling", x);
          case GEM -> generalisedMean(x);
          case NONE, CLS -> throw Backbone.noSuchPooling(pooling);
        };
    return net.node("Flatten", "pooling.flatten", List.of(pooled), attribute("axis", 1L));
  }

  /** (mean(max(x, 1e-6)^p))^(1/p). */
  private String generalisedMean(String x) {
    float power = (float) PackageAssembler.GEM_POWER;
    String floor = net.constant("pooling.floor", new float[] {SMALLEST_BEFORE_POWER});
    String exponent = net.constant("pooling.power", new float[] {power});
    String inverse = net.constant("pooling.inverse_power", new float[] {1 / power});
    String positive = net.node("Max", "pooling.positive", List.of(x, floor));
    String powers = net.node("Pow", "pooling.powers", List.of(positive, exponent));
    return net.node("Pow", "pooling.root", List.of(average("pooling", powers), inverse));
  }

  private String weight(String name, int out, int in, int kernel) {
    return net.weight(name + ".weight", out, in, kernel, kernel);
  }

  private String convolve(String name, List<String> inputs, int kernel, int stride, int groups) {
    long padding = (kernel - 1L) / 2;
    return net.node(
        "Conv",
        name,
        inputs,
        attribute("kernel_shape", kernel, kernel),
        attribute("strides", stride, stride),
        attribute("pads", padding, padding, padding, padding),
        attribute("group", (long) groups));
  }
}
