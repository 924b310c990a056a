package dev.likeness.encoders.runtime;

import dev.likeness.encoders.store.ImageTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a graph on images whose tensors lie one behind another, and within an image one input behind
 * another. Safe for use by any number of threads, as its runner is.
 */
final class ImageRun {

  private final OnnxRunner runner;
  private final List<ImageTensor> inputs;
  private final String output;

  ImageRun(OnnxRunner runner, List<ImageTensor> inputs, String output) {
    this.runner = runner;
    this.inputs = List.copyOf(inputs);
    this.output = output;
  }

  /** Floats of one image, over all inputs. */
  int tensorLength() {
    return inputs.stream().mapToInt(input -> input.preprocess().tensorLength()).sum();
  }

  /**
   * @param tensors [count][tensorLength]; more may follow and is ignored
   */
  TensorValue run(float[] tensors, int count) {
    if (inputs.size() == 1) {
      ImageTensor only = inputs.getFirst();
      return runner.run(only.name(), tensors, shape(only, count), output);
    }
    Map<String, TensorValue> values = new LinkedHashMap<>();
    int offset = 0;
    for (ImageTensor input : inputs) {
      values.put(input.name(), gathered(input, tensors, count, offset));
      offset += input.preprocess().tensorLength();
    }
    return runner.run(values, output);
  }

  /** The part of one input, of all images side by side. */
  private TensorValue gathered(ImageTensor input, float[] tensors, int count, int offset) {
    int length = input.preprocess().tensorLength();
    float[] part = new float[count * length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(tensors, i * tensorLength() + offset, part, i * length, length);
    }
    return new TensorValue(shape(input, count), part);
  }

  private static long[] shape(ImageTensor input, int count) {
    int size = input.preprocess().cropSize();
    return new long[] {count, 3, size, size};
  }
}
