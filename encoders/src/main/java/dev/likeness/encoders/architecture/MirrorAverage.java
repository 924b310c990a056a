package dev.likeness.encoders.architecture;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import dev.likeness.encoders.graph.GraphBuilder;
import java.util.List;

/**
 * The mean of the vectors of an image and of its mirror image, inside the graph: the network gets
 * both behind one another in a batch of twice the size.
 */
final class MirrorAverage {

  private static final long WIDTH_AXIS = 3;

  private MirrorAverage() {}

  /** [N, 3, height, width] to [2N, 3, height, width]: all images, then all mirror images. */
  static String views(GraphBuilder net, String image, int width) {
    String mirrored =
        net.node(
            "Slice",
            "mirror.image",
            List.of(
                image,
                net.constant("mirror.first", -1),
                net.constant("mirror.end", -width - 1L),
                net.constant("mirror.axis", WIDTH_AXIS),
                net.constant("mirror.step", -1)));
    return net.node("Concat", "mirror.views", List.of(image, mirrored), attribute("axis", 0L));
  }

  /** [2N, dimension] to [N, dimension]. */
  static String mean(GraphBuilder net, String vectors, int dimension) {
    String pairs =
        net.node(
            "Reshape",
            "mirror.pairs",
            List.of(vectors, net.constant("mirror.shape", 2, -1, dimension)));
    return net.node(
        "ReduceMean",
        "mirror.mean",
        List.of(pairs, net.constant("mirror.views.axis", 0)),
        attribute("keepdims", 0L));
  }
}
