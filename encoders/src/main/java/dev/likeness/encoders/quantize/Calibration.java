package dev.likeness.encoders.quantize;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.runtime.OnnxRunner;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.EncoderCard;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;

/**
 * Measures which values tensors take: smallest and largest over all images first, then how they are
 * distributed in between.
 */
final class Calibration {

  private final EncoderCard card;
  private final CalibrationImages images;
  private final List<Path> chosen;

  Calibration(EncoderCard card, CalibrationImages images) {
    this.card = card;
    this.images = images;
    this.chosen = images.calibration();
  }

  private static final class Range {
    private float low = Float.POSITIVE_INFINITY;
    private float high = Float.NEGATIVE_INFINITY;

    void add(FloatBuffer values) {
      float smallest = low;
      float largest = high;
      while (values.hasRemaining()) {
        float value = values.get();
        smallest = Math.min(smallest, value);
        largest = Math.max(largest, value);
      }
      low = smallest;
      high = largest;
    }
  }

  /**
   * @param model the float32 graph; it is written to {@code folder} again with all the tensors as
   *     outputs
   * @param tensors to measure
   * @param done told the number of runs so far; there are two per image
   */
  Map<String, AffineScale> measure(
      ModelProto model, Path folder, Set<String> tensors, IntConsumer done) throws IOException {
    Path file = folder.resolve("measured.onnx");
    Files.write(file, withOutputs(model, tensors).toByteArray());
    Map<String, Range> ranges = new HashMap<>();
    Map<String, ActivationHistogram> histograms = new HashMap<>();
    tensors.forEach(tensor -> ranges.put(tensor, new Range()));
    try (OnnxRunner runner = OnnxRunner.open(file, RuntimeOptions.defaults())) {
      pass(
          runner,
          tensors,
          0,
          done,
          (tensor, values) -> Objects.requireNonNull(ranges.get(tensor)).add(values));
      ranges.forEach(
          (tensor, range) ->
              histograms.put(tensor, new ActivationHistogram(range.low, range.high)));
      pass(
          runner,
          tensors,
          chosen.size(),
          done,
          (tensor, values) -> Objects.requireNonNull(histograms.get(tensor)).add(values));
    }
    Map<String, AffineScale> scales = new HashMap<>();
    histograms.forEach((tensor, histogram) -> scales.put(tensor, histogram.leastSquares()));
    return scales;
  }

  private void pass(
      OnnxRunner runner,
      Set<String> tensors,
      int before,
      IntConsumer done,
      BiConsumer<String, FloatBuffer> sink) {
    int size = card.preprocess().cropSize();
    long[] shape = {1, 3, size, size};
    Set<String> outputs = new HashSet<>(tensors);
    boolean wantsInput = outputs.remove(card.inputTensor());
    for (int i = 0; i < chosen.size(); i++) {
      float[] input = images.tensor(chosen.get(i));
      if (wantsInput) {
        sink.accept(card.inputTensor(), FloatBuffer.wrap(input));
      }
      runner.run(card.inputTensor(), input, shape, outputs, sink);
      done.accept(before + i + 1);
    }
  }

  private ModelProto withOutputs(ModelProto model, Set<String> tensors) {
    GraphProto.Builder graph = model.getGraph().toBuilder().clearOutput();
    for (String tensor : tensors) {
      if (!tensor.equals(card.inputTensor())) {
        graph.addOutput(
            ValueInfoProto.newBuilder()
                .setName(tensor)
                .setType(
                    TypeProto.newBuilder()
                        .setTensorType(
                            TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT_VALUE))));
      }
    }
    return model.toBuilder().setGraph(graph).build();
  }
}
