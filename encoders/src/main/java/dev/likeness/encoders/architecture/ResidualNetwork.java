package dev.likeness.encoders.architecture;

import dev.likeness.encoders.graph.GraphBuilder;
import java.util.List;

/**
 * K. He et al., 2016, "Deep residual learning for image recognition", table 1, as torchvision has
 * it: in a bottleneck the stride is on the 3×3 convolution ("v1.5").
 *
 * @param bottleneck three convolutions per block instead of two
 * @param depths blocks of each of the four stages
 */
record ResidualNetwork(boolean bottleneck, List<Integer> depths) implements Backbone {

  private static final float EPSILON = 1e-5f;
  private static final int STEM_CHANNELS = 64;

  ResidualNetwork {
    depths = List.copyOf(depths);
  }

  @Override
  public Embedding append(GraphBuilder net, String image, NetworkOptions options) {
    ConvolutionLayers layers = new ConvolutionLayers(net, EPSILON);
    String x = layers.convolution("conv1", image, 3, STEM_CHANNELS, 7, 2);
    x = layers.relu("stem", layers.batchNorm("bn1", x, STEM_CHANNELS));
    x = layers.maxPool("maxpool", x, 3, 2, 1, false);
    int in = STEM_CHANNELS;
    for (int stage = 0; stage < depths.size(); stage++) {
      int width = STEM_CHANNELS << stage;
      int out = bottleneck ? 4 * width : width;
      for (int block = 0; block < depths.get(stage); block++) {
        String name = "layer%d.%d".formatted(stage + 1, block);
        int stride = stage > 0 && block == 0 ? 2 : 1;
        x = block(layers, name, x, new Widths(in, width, out), stride);
        in = out;
      }
    }
    return new Embedding(layers.pool(x, options.pooling()), in);
  }

  private record Widths(int in, int inner, int out) {}

  /** relu(F(x) + x), x projected where its shape changes. */
  private String block(ConvolutionLayers layers, String name, String x, Widths widths, int stride) {
    String residual =
        bottleneck
            ? bottleneck(layers, name, x, widths, stride)
            : basic(layers, name, x, widths, stride);
    String shortcut = x;
    if (stride != 1 || widths.in != widths.out) {
      String down = name + ".downsample";
      shortcut = layers.convolution(down + ".0", x, widths.in, widths.out, 1, stride);
      shortcut = layers.batchNorm(down + ".1", shortcut, widths.out);
    }
    return layers.relu(name, layers.add(name, residual, shortcut));
  }

  /** 3×3, 3×3. */
  private static String basic(
      ConvolutionLayers layers, String name, String input, Widths widths, int stride) {
    String x = layers.convolution(name + ".conv1", input, widths.in, widths.inner, 3, stride);
    x = layers.relu(name + ".1", layers.batchNorm(name + ".bn1", x, widths.inner));
    x = layers.convolution(name + ".conv2", x, widths.inner, widths.out, 3, 1);
    return layers.batchNorm(name + ".bn2", x, widths.out);
  }

  /** 1×1 to a quarter of the channels, 3×3, 1×1 back. */
  private static String bottleneck(
      ConvolutionLayers layers, String name, String input, Widths widths, int stride) {
    String x = layers.convolution(name + ".conv1", input, widths.in, widths.inner, 1, 1);
    x = layers.relu(name + ".1", layers.batchNorm(name + ".bn1", x, widths.inner));
    x = layers.convolution(name + ".conv2", x, widths.inner, widths.inner, 3, stride);
    x = layers.relu(name + ".2", layers.batchNorm(name + ".bn2", x, widths.inner));
    x = layers.convolution(name + ".conv3", x, widths.inner, widths.out, 1, 1);
    return layers.batchNorm(name + ".bn3", x, widths.out);
  }
}
