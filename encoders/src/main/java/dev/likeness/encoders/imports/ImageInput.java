package dev.likeness.encoders.imports;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.imports.ImportException.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one input that takes the image.
 *
 * @param fixedBatch images per run if the graph fixes it, 0 if it is free
 */
record ImageInput(String name, long fixedBatch) {

  /**
   * @param size side of the image that will be fed
   * @throws ImportException if there is not exactly one float32 input [N, 3, size, size]
   */
  static ImageInput find(GraphProto graph, int size) {
    Set<String> weights = new HashSet<>();
    graph.getInitializerList().forEach(weight -> weights.add(weight.getName()));
    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(input -> !weights.contains(input.getName())).toList();
    if (inputs.size() > 1) {
      String names = inputs.stream().map(ImageInput::describe).collect(Collectors.joining(", "));
      throw new ImportException(
          Reason.SEVERAL_INPUTS,
          "an image encoder has one input, this graph has %d: %s; export the image part alone"
              .formatted(inputs.size(), names));
    }
    if (inputs.isEmpty()) {
      throw new ImportException(Reason.NO_IMAGE_INPUT, "the graph has no input");
    }
    ValueInfoProto input = inputs.getFirst();
    TypeProto.Tensor tensor = input.getType().getTensorType();
    TensorShapeProto shape = tensor.getShape();
    if (tensor.getElemType() != TensorProto.DataType.FLOAT_VALUE || shape.getDimCount() != 4) {
      throw new ImportException(
          Reason.NO_IMAGE_INPUT,
          "the input must be float32 of shape [N, 3, height, width], this graph has %s"
              .formatted(describe(input)));
    }
    checkChannels(input, shape);
    checkSize(shape, size);
    return new ImageInput(input.getName(), fixed(shape, 0));
  }

  private static void checkChannels(ValueInfoProto input, TensorShapeProto shape) {
    long channels = fixed(shape, 1);
    if (channels == 0 || channels == 3) {
      return;
    }
    String hint =
        fixed(shape, 3) == 3
            ? "the channels are last; export it with the channels first (NCHW)"
            : "only colour images with 3 channels are fed";
    throw new ImportException(
        Reason.WRONG_CHANNELS, "the input is %s: %s".formatted(describe(input), hint));
  }

  private static void checkSize(TensorShapeProto shape, int size) {
    long height = fixed(shape, 2);
    long width = fixed(shape, 3);
    if ((height != 0 && height != size) || (width != 0 && width != size)) {
      String remedy =
          height == width || height == 0 || width == 0
              ? "import it with --size " + Math.max(height, width)
              : "only square inputs are fed";
      throw new ImportException(
          Reason.WRONG_SIZE,
          "the graph takes images of %d x %d pixels, size is %d; %s"
              .formatted(height, width, size, remedy));
    }
  }

  /** 0 where the size is free; some exporters write -1 for that. */
  private static long fixed(TensorShapeProto shape, int axis) {
    return Math.max(0, shape.getDim(axis).getDimValue());
  }

  private static String describe(ValueInfoProto input) {
    TypeProto.Tensor tensor = input.getType().getTensorType();
    TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getElemType());
    String shape =
        tensor.getShape().getDimList().stream()
            .map(dim -> dim.getDimValue() > 0 ? String.valueOf(dim.getDimValue()) : "?")
            .collect(Collectors.joining(", ", "[", "]"));
    return "'%s' %s %s".formatted(input.getName(), type, shape);
  }
}
