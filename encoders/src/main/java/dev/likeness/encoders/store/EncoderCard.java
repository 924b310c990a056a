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
 * @param preprocess how pixels become the input; an ensemble's first one
 * @param inputTensor name of the graph's input, float32 [N, 3, cropSize, cropSize]; an ensemble's
 *     first one
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
 * @param ensemble what it is joined from, null if it is a network of its own
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
    @Nullable List<String> notes,
    @Nullable Ensemble ensemble) {

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
    if (ensemble != null
        && !ensemble.inputs().getFirst().equals(new ImageTensor(inputTensor, preprocess))) {
      throw new IllegalArgumentException(
          "inputTensor and preprocess must be those of the ensemble's first member");
    }
    Instant.parse(createdAt);
    notes = notes == null ? List.of() : List.copyOf(notes);
  }

  public EncoderName encoderName() {
    return new EncoderName(name);
  }

  /** The graph's inputs; an image's tensors lie one behind another in this order. */
  public List<ImageTensor> inputs() {
    return ensemble == null ? List.of(new ImageTensor(inputTensor, preprocess)) : ensemble.inputs();
  }

  /** Floats of one image's tensors, over all inputs. */
  public int tensorLength() {
    return inputs().stream().mapToInt(input -> input.preprocess().tensorLength()).sum();
  }

  /** The hash of all that changes a vector. */
  public Fingerprint fingerprint() {
    return Fingerprint.of(this);
  }
}
