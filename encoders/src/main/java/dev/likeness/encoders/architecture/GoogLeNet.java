package dev.likeness.encoders.architecture;

import dev.likeness.encoders.graph.GraphBuilder;
import java.util.List;

/**
 * C. Szegedy et al., 2015, "Going deeper with convolutions", table 1, as torchvision has it: batch
 * normalisation, no auxiliary heads, and 3×3 kernels in the branch that the paper calls 5×5.
 */
record GoogLeNet() implements Backbone {

  private static final float EPSILON = 1e-3f;
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] STD = {0.229f, 0.224f, 0.225f};

  /** A row of table 1: the channels of the four branches, reductions before them. */
  private record Inception(
      String name, int in, int one, int reduce3, int three, int reduce5, int five, int pool) {

    int out() {
      return one + three + five + pool;
    }
  }

  private static final List<Inception> STAGE_3 =
      List.of(
          new Inception("inception3a", 192, 64, 96, 128, 16, 32, 32),
          new Inception("inception3b", 256, 128, 128, 192, 32, 96, 64));
  private static final List<Inception> STAGE_4 =
      List.of(
          new Inception("inception4a", 480, 192, 96, 208, 16, 48, 64),
          new Inception("inception4b", 512, 160, 112, 224, 24, 64, 64),
          new Inception("inception4c", 512, 128, 128, 256, 24, 64, 64),
          new Inception("inception4d", 512, 112, 144, 288, 32, 64, 64),
          new Inception("inception4e", 528, 256, 160, 320, 32, 128, 128));
  private static final List<Inception> STAGE_5 =
      List.of(
          new Inception("inception5a", 832, 256, 160, 320, 32, 128, 128),
          new Inception("inception5b", 832, 384, 192, 384, 48, 128, 128));

  @Override
  public Embedding append(GraphBuilder net, String image, NetworkOptions options) {
    ConvolutionLayers layers = new ConvolutionLayers(net, EPSILON);
    String x = transformInput(net, image);
    x = convolution(layers, "conv1", x, 3, 64, 7, 2);
    x = layers.maxPool("maxpool1", x, 3, 2, 0, true);
    x = convolution(layers, "conv2", x, 64, 64, 1, 1);
    x = convolution(layers, "conv3", x, 64, 192, 3, 1);
    x = layers.maxPool("maxpool2", x, 3, 2, 0, true);
    x = inceptions(layers, x, STAGE_3);
    x = layers.maxPool("maxpool3", x, 3, 2, 0, true);
    x = inceptions(layers, x, STAGE_4);
    x = layers.maxPool("maxpool4", x, 2, 2, 0, true);
    x = inceptions(layers, x, STAGE_5);
    return new Embedding(layers.pool(x, options.pooling()), STAGE_5.getLast().out());
  }

  /**
   * The published weights were learned on pixels from −1 to 1: from ImageNet's mean and deviation,
   * which torchvision applies first, back to a mean and deviation of 0.5.
   */
  private static String transformInput(GraphBuilder net, String image) {
    float[] scale = new float[3];
    float[] shift = new float[3];
    for (int channel = 0; channel < 3; channel++) {
      scale[channel] = STD[channel] / 0.5f;
      shift[channel] = (MEAN[channel] - 0.5f) / 0.5f;
    }
    String scaled =
        net.node(
            "Mul",
            "transform_input.scaled",
            List.of(image, net.constant("transform_input.scale", scale, 1, 3, 1, 1)));
    return net.node(
        "Add",
        "transform_input",
        List.of(scaled, net.constant("transform_input.shift", shift, 1, 3, 1, 1)));
  }

  private static String inceptions(ConvolutionLayers layers, String x, List<Inception> stage) {
    for (Inception inception : stage) {
      x = inception(layers, x, inception);
    }
    return x;
  }

  private static String inception(ConvolutionLayers layers, String x, Inception it) {
    String branch = it.name + ".branch";
    String one = convolution(layers, branch + "1", x, it.in, it.one, 1, 1);
    String three = convolution(layers, branch + "2.0", x, it.in, it.reduce3, 1, 1);
    three = convolution(layers, branch + "2.1", three, it.reduce3, it.three, 3, 1);
    String five = convolution(layers, branch + "3.0", x, it.in, it.reduce5, 1, 1);
    five = convolution(layers, branch + "3.1", five, it.reduce5, it.five, 3, 1);
    String pool = layers.maxPool(branch + "4.0", x, 3, 1, 1, true);
    pool = convolution(layers, branch + "4.1", pool, it.in, it.pool, 1, 1);
    return layers.concatenate(it.name, List.of(one, three, five, pool));
  }

  private static String convolution(
      ConvolutionLayers layers, String name, String x, int in, int out, int kernel, int stride) {
    String convolved = layers.convolution(name + ".conv", x, in, out, kernel, stride);
    return layers.relu(name, layers.batchNorm(name + ".bn", convolved, out));
  }
}
