package dev.likeness.encoders.architecture;

import dev.likeness.encoders.graph.GraphBuilder;
import java.util.List;

/**
 * M. Tan and Q. Le, 2019, "EfficientNet: rethinking model scaling for convolutional neural
 * networks": table 1, its channels times the width multiplier and its layers times the depth
 * multiplier. B0 is 1 and 1, B3 1.2 and 1.4.
 */
record EfficientNet(double widthMultiplier, double depthMultiplier) implements Backbone {

  private static final float EPSILON = 1e-5f;
  private static final int STEM_CHANNELS = 32;

  /** A row of table 1: mobile inverted bottlenecks, all of one kind but the first's stride. */
  private record Stage(int expansion, int kernel, int stride, int channels, int layers) {}

  private static final List<Stage> STAGES =
      List.of(
          new Stage(1, 3, 1, 16, 1),
          new Stage(6, 3, 2, 24, 2),
          new Stage(6, 5, 2, 40, 2),
          new Stage(6, 3, 2, 80, 3),
          new Stage(6, 5, 1, 112, 3),
          new Stage(6, 5, 2, 192, 4),
          new Stage(6, 3, 1, 320, 1));

  @Override
  public Embedding append(GraphBuilder net, String image, NetworkOptions options) {
    ConvolutionLayers layers = new ConvolutionLayers(net, EPSILON);
    int in = width(STEM_CHANNELS);
    String x = layers.convolution("features.0.0", image, 3, in, 3, 2);
    x = layers.silu("features.0", layers.batchNorm("features.0.1", x, in));
    for (int row = 0; row < STAGES.size(); row++) {
      Stage stage = STAGES.get(row);
      int out = width(stage.channels);
      for (int block = 0; block < depth(stage.layers); block++) {
        String name = "features.%d.%d".formatted(row + 1, block);
        x = invertedBottleneck(layers, name, x, in, out, stage, block == 0 ? stage.stride : 1);
        in = out;
      }
    }
    int last = 4 * in;
    x = layers.convolution("features.8.0", x, in, last, 1, 1);
    x = layers.silu("features.8", layers.batchNorm("features.8.1", x, last));
    return new Embedding(layers.pool(x, options.pooling()), last);
  }

  /** Expand, filter each channel, weigh the channels, project; x is added where shapes allow. */
  private static String invertedBottleneck(
      ConvolutionLayers layers,
      String name,
      String input,
      int in,
      int out,
      Stage stage,
      int stride) {
    int inner = in * stage.expansion;
    int part = 0;
    String x = input;
    if (inner != in) {
      String expand = "%s.block.%d".formatted(name, part++);
      x = layers.convolution(expand + ".0", x, in, inner, 1, 1);
      x = layers.silu(expand, layers.batchNorm(expand + ".1", x, inner));
    }
    String depthwise = "%s.block.%d".formatted(name, part++);
    x = layers.depthwise(depthwise + ".0", x, inner, stage.kernel, stride);
    x = layers.silu(depthwise, layers.batchNorm(depthwise + ".1", x, inner));
    x = squeezeExcitation(layers, "%s.block.%d".formatted(name, part++), x, inner, in / 4);
    String project = "%s.block.%d".formatted(name, part);
    x = layers.convolution(project + ".0", x, inner, out, 1, 1);
    x = layers.batchNorm(project + ".1", x, out);
    return stride == 1 && in == out ? layers.add(name, x, input) : x;
  }

  /** J. Hu et al., 2018, "Squeeze-and-excitation networks", with SiLU between the two layers. */
  private static String squeezeExcitation(
      ConvolutionLayers layers, String name, String x, int channels, int squeezed) {
    String scale = layers.average(name, x);
    scale = layers.silu(name, layers.pointwise(name + ".fc1", scale, channels, squeezed));
    scale = layers.sigmoid(name, layers.pointwise(name + ".fc2", scale, squeezed, channels));
    return layers.multiply(name, x, scale);
  }

  /** To a multiple of 8, and never more than a tenth below the exact value. */
  private int width(int channels) {
    double exact = channels * widthMultiplier;
    int rounded = Math.max(8, (int) (exact + 4) / 8 * 8);
    return rounded < 0.9 * exact ? rounded + 8 : rounded;
  }

  private int depth(int layers) {
    return (int) Math.ceil(layers * depthMultiplier);
  }
}
