package dev.likeness.encoders.store;

import dev.likeness.encoders.preprocess.Orientation;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * SHA-256 over all that changes a vector: two encoders of one fingerprint give the same vectors,
 * and vectors of different fingerprints must not be compared.
 *
 * <p>Hashed are these UTF-8 lines, each ended by a line feed, floats as the eight hexadecimal
 * digits of their bits:
 *
 * <pre>
 * likeness-fingerprint 1
 * onnx &lt;sha256&gt;
 * data &lt;location&gt; &lt;sha256&gt;          for each data file, sorted by location
 * input &lt;tensor&gt;
 * output &lt;tensor&gt;
 * preprocess &lt;resize&gt; &lt;crop&gt; &lt;filter&gt; &lt;crop offset&gt; &lt;channel order&gt;
 * mean &lt;float&gt; &lt;float&gt; &lt;float&gt;
 * std &lt;float&gt; &lt;float&gt; &lt;float&gt;
 * orientation EXIF                         only if images are turned
 * normalization &lt;rule&gt;
 * one-by-one &lt;true if images may not share a run&gt;
 * </pre>
 *
 * and, for each further input of an ensemble, its lines from {@code preprocess} to {@code
 * orientation} behind its {@code input} line. Pooling, projection and the weights of an ensemble
 * are in the graph and therefore in its hash.
 *
 * @param value 64 hexadecimal digits, lower case
 */
public record Fingerprint(String value) {

  public Fingerprint {
    if (!value.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "a fingerprint has 64 hexadecimal digits, got '%s'".formatted(value));
    }
  }

  static Fingerprint of(EncoderCard card) {
    StringBuilder text = new StringBuilder("likeness-fingerprint 1\n");
    line(text, "onnx", card.weights().onnxSha256());
    card.weights().dataHashes().forEach((location, hash) -> line(text, "data", location, hash));
    line(text, "input", card.inputTensor());
    line(text, "output", card.outputTensor());
    preprocess(text, card.preprocess());
    line(text, "normalization", card.normalization().name());
    line(text, "one-by-one", String.valueOf(!card.batching().invariant()));
    for (ImageTensor input : card.inputs().subList(1, card.inputs().size())) {
      line(text, "input", input.name());
      preprocess(text, input.preprocess());
    }
    return new Fingerprint(Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static void preprocess(StringBuilder text, PreprocessSpec spec) {
    line(
        text,
        "preprocess",
        String.valueOf(spec.resizeShorterSide()),
        String.valueOf(spec.cropSize()),
        spec.filter().name(),
        spec.cropOffset().name(),
        spec.channelOrder().name());
    line(text, "mean", bits(spec.mean()));
    line(text, "std", bits(spec.std()));
    if (spec.orientation() != Orientation.STORED) {
      line(text, "orientation", spec.orientation().name());
    }
  }

  private static void line(StringBuilder text, String... words) {
    text.append(String.join(" ", words)).append('\n');
  }

  private static String bits(List<Float> values) {
    return values.stream()
        .map(value -> "%08x".formatted(Float.floatToIntBits(value)))
        .collect(Collectors.joining(" "));
  }

  @Override
  public String toString() {
    return value;
  }
}
