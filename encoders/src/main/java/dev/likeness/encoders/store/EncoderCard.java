package dev.likeness.encoders.store;

import dev.likeness.encoders.preprocess.PreprocessSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a package says about its encoder; {@code encoder.json} is this record.
 *
 * @param formatVersion of the file, 1
 * @param name of the encoder
 * @param architecture what the network is, such as {@code likeness-mini} or {@code onnx}
 * @param preprocess how pixels become the input
 * @param inputTensor name of the graph's input, float32 [N, 3, cropSize, cropSize]
 * @param outputTensor name of the graph's output, float32 [N, dimension], pooled, not normalised
 * @param pooling what the end of the graph does to a map or tokens
 * @param gemPower p of {@link Pooling#GEM}, null otherwise
 * @param projection where a linear projection comes from, null if there is none
 * @param dimension length of the vector
 * @param normalization what happens to the vector after the graph
 * @param batching what was measured about batches
 * @param weights hashes of the files
 * @param origin where the weights come from
 * @param golden an input and the vector it must give
 * @param createdAt ISO-8601 instant
 * @param notes what an import found worth telling
 */
public record EncoderCard(
    int formatVersion,
    String name,
    String architecture,
    PreprocessSpec preprocess,
    String inputTensor,
    String outputTensor,
    Pooling pooling,
    @Nullable Double gemPower,
    @Nullable Projection projection,
    int dimension,
    Normalization normalization,
    Batching batching,
    WeightFiles weights,
    Origin origin,
    GoldenPair golden,
    String createdAt,
    @Nullable List<String> notes) {

  public static final int FORMAT_VERSION = 1;

  public EncoderCard {
    if (formatVersion != FORMAT_VERSION) {
      throw new IllegalArgumentException(
          "formatVersion is %d, this program reads %d".formatted(formatVersion, FORMAT_VERSION));
    }
    if (!EncoderName.isValid(name)) {
      throw new IllegalArgumentException("name is not an encoder's name: '" + name + "'");
    }
    if (dimension < 1 || golden.expected().length != dimension) {
      throw new IllegalArgumentException(
          "dimension is %d, the golden vector has %d values"
              .formatted(dimension, golden.expected().length));
    }
    Instant.parse(createdAt);
    notes = notes == null ? List.of() : List.copyOf(notes);
  }

  public EncoderName encoderName() {
    return new EncoderName(name);
  }

  /** Side of the square input in pixels. */
  public int inputSize() {
    return preprocess.cropSize();
  }

  /** Floats of one image's input tensor. */
  public int tensorLength() {
    return 3 * inputSize() * inputSize();
  }

  /** The hash of all that changes a vector. */
  public Fingerprint fingerprint() {
    return Fingerprint.of(this);
  }
}
