package dev.likeness.training.operator;

import dev.likeness.training.graph.NodeAttributes;
import dev.likeness.training.graph.TrainNode;
import dev.likeness.training.torch.Tensors;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Resampling of maps [N, C, H, W], as far as libtorch computes the same. */
final class ResizeOps {

  private static final float CUBIC = -0.75f;

  private ResizeOps() {}

  static void addTo(OperatorRegistry registry) {
    registry.add("Resize", ResizeOps::resize, ResizeOps::check);
  }

  private static Optional<String> check(TrainNode node) {
    NodeAttributes attributes = node.attributes();
    String mode = attributes.text("mode", "nearest");
    String coordinates = attributes.text("coordinate_transformation_mode", "half_pixel");
    boolean supported =
        switch (mode) {
          case "nearest" ->
              coordinates.equals("asymmetric")
                  && attributes.text("nearest_mode", "round_prefer_floor").equals("floor");
          case "linear", "cubic" ->
              coordinates.endsWith("half_pixel") || coordinates.equals("align_corners");
          default -> false;
        };
    if (!supported) {
      return Optional.of("mode %s, coordinates %s".formatted(mode, coordinates));
    }
    if (mode.equals("cubic") && attributes.number("cubic_coeff_a", CUBIC) != CUBIC) {
      return Optional.of("a cubic coefficient other than -0.75");
    }
    return attributes.flag("antialias", false) || attributes.flag("exclude_outside", false)
        ? Optional.of("antialias or exclude_outside")
        : Optional.empty();
  }

  private static List<Value> resize(OpContext context) {
    Tensor input = context.tensor(0);
    long[] shape = context.shape(0);
    double[] scales = context.has(2) ? Tensors.doubles(context.tensor(2)) : new double[0];
    long[] sizes = new long[2];
    DoubleOptional vertical = new DoubleOptional();
    DoubleOptional horizontal = new DoubleOptional();
    if (scales.length == 4) {
      sizes[0] = (long) Math.floor(shape[2] * scales[2]);
      sizes[1] = (long) Math.floor(shape[3] * scales[3]);
      vertical = new DoubleOptional(scales[2]);
      horizontal = new DoubleOptional(scales[3]);
    } else {
      System.arraycopy(context.longs(3), 2, sizes, 0, 2);
    }
    boolean corners =
        context
            .attributes()
            .text("coordinate_transformation_mode", "half_pixel")
            .equals("align_corners");
    return context.result(
        switch (context.attributes().text("mode", "nearest")) {
          case "cubic" -> torch.upsample_bicubic2d(input, sizes, corners, vertical, horizontal);
          case "linear" -> torch.upsample_bilinear2d(input, sizes, corners, vertical, horizontal);
          default -> torch.upsample_nearest2d(input, sizes, vertical, horizontal);
        });
  }
}
