package dev.likeness.encoders.architecture;

import dev.likeness.encoders.graph.GraphBuilder;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.encoders.store.Pooling;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The small residual network that needs no download: 96 × 96 pixels in, 256 values out.
 *
 * <p>After K. He et al., 2016, "Deep residual learning for image recognition": a stem and four
 * stages of one basic block each,
 *
 * <pre>
 *            channels  size   block
 * input             3    96
 * stem             32    48   3×3 convolution, stride 2
 * stage1           32    48   two 3×3 convolutions
 * stage2           64    24   the first of stride 2, as in the next stages
 * stage3          128    12
 * stage4          256     6
 * embedding       256         mean over space
 * </pre>
 *
 * each convolution followed by batch normalisation, which stays a node of its own. About 1.2
 * million weights, 5 MB.
 */
public final class LikenessMini {

  public static final EncoderName NAME = new EncoderName("likeness-mini");
  public static final int INPUT_SIZE = 96;
  public static final int DIMENSION = 256;

  /** A margin of one eighth around the crop, as with the large networks. */
  private static final int RESIZE = 108;

  private static final int[] STAGE_CHANNELS = {32, 64, 128, DIMENSION};

  private LikenessMini() {}

  /**
   * Publishes the trained network that is part of the program as {@code likeness-mini}, unless the
   * newest version there is exactly this network.
   */
  public static ModelPackage publishTo(ModelStore store) {
    return publish(store, draft(BuiltInWeights.onnx(), BuiltInWeights.origin(), List.of()));
  }

  /** Whether a package is the trained network that is part of the program. */
  public static boolean isBuiltIn(ModelPackage model) {
    return model.name().equals(NAME)
        && model.card().weights().onnxSha256().equals(BuiltInWeights.sha256());
  }

  /**
   * Builds the untrained network from a seed and publishes it as {@code likeness-mini}, unless the
   * newest version there is exactly this network. Training from nothing starts with it.
   */
  public static ModelPackage publishTo(ModelStore store, long seed) {
    return publish(
        store,
        draft(
            graph(seed).toBytes(),
            Origin.ofArchitecture(seed),
            List.of("the weights are a seeded random start; nothing was learned yet")));
  }

  private static ModelPackage publish(ModelStore store, PackageDraft draft) {
    Optional<ModelPackage> newest = store.find(NAME);
    return newest
        .filter(model -> model.fingerprint().equals(draft.card().fingerprint()))
        .orElseGet(() -> store.publish(draft));
  }

  private static PackageDraft draft(byte[] onnx, Origin origin, List<String> notes) {
    EncoderDescription description =
        new EncoderDescription(
            NAME,
            "likeness-mini",
            PreprocessSpec.of(
                RESIZE,
                INPUT_SIZE,
                ResizeFilter.BILINEAR,
                PreprocessSpec.IMAGENET_MEAN,
                PreprocessSpec.IMAGENET_STD),
            "image",
            "embedding",
            Pooling.GAP,
            null,
            origin,
            notes);
    return new PackageAssembler(Clock.systemUTC()).assemble(description, onnx, Map.of());
  }

  /** The network itself. */
  static GraphEditor graph(long seed) {
    GraphBuilder net = new GraphBuilder("likeness-mini", new HeInitialization(seed));
    String image = net.image("image", INPUT_SIZE);
    int channels = STAGE_CHANNELS[0];
    String x = convolutionNormRelu(net, "stem", image, 3, channels, 2);
    for (int stage = 0; stage < STAGE_CHANNELS.length; stage++) {
      x = residualBlock(net, "stage" + (stage + 1), x, channels, STAGE_CHANNELS[stage]);
      channels = STAGE_CHANNELS[stage];
    }
    return net.output(net.globalAverage("pool", x, "embedding"), DIMENSION);
  }

  private static String convolutionNormRelu(
      GraphBuilder net, String name, String input, int in, int out, int stride) {
    String convolved = net.convolution(name + ".conv", input, in, out, 3, stride);
    return net.relu(name + ".relu", net.batchNorm(name + ".norm", convolved, out, 1));
  }

  /** relu(x' + F(x)); where the size changes, x' is x after a 1×1 convolution, otherwise x. */
  private static String residualBlock(GraphBuilder net, String name, String x, int in, int out) {
    int stride = in == out ? 1 : 2;
    String hidden = convolutionNormRelu(net, name + ".first", x, in, out, stride);
    String residual = net.convolution(name + ".second.conv", hidden, out, out, 3, 1);
    residual = net.batchNorm(name + ".second.norm", residual, out, 1);
    String shortcut = in == out ? x : shortcut(net, name + ".shortcut", x, in, out, stride);
    return net.relu(name + ".relu", net.add(name + ".add", residual, shortcut));
  }

  private static String shortcut(
      GraphBuilder net, String name, String x, int in, int out, int stride) {
    return net.batchNorm(
        name + ".norm", net.convolution(name + ".conv", x, in, out, 1, stride), out, 1);
  }
}
