package dev.likeness.encoders.store;

import dev.likeness.encoders.preprocess.PreprocessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Small drafts for the store, which does not look into a graph. */
final class TestDrafts {

  private TestDrafts() {}

  static PackageDraft draft(String name, String content, @Nullable String jobId) {
    return draft(name, content, jobId, Map.of());
  }

  static PackageDraft draft(
      String name, String content, @Nullable String jobId, Map<String, Path> dataFiles) {
    byte[] onnx = content.getBytes(StandardCharsets.UTF_8);
    Map<String, String> hashes = new TreeMap<>();
    dataFiles.forEach((location, file) -> hashes.put(location, hash(file)));
    return new PackageDraft(
        card(name, new WeightFiles(Sha256.of(onnx), hashes), jobId), onnx, dataFiles);
  }

  static EncoderCard card(String name, WeightFiles weights, @Nullable String jobId) {
    return new EncoderCard(
        EncoderCard.FORMAT_VERSION,
        name,
        "onnx",
        PreprocessSpec.imagenet(),
        "input",
        "embedding",
        Pooling.NONE,
        null,
        null,
        2,
        Normalization.L2,
        new Batching(true, true),
        weights,
        new Origin("training", true, null, null, jobId, "d4", 7L, Map.of("p_at_10", 0.5)),
        GoldenPair.of(new float[] {0.6f, 0.8f}),
        "2026-01-02T03:04:05Z",
        List.of("a note"),
        null);
  }

  private static String hash(Path file) {
    try {
      return Sha256.of(file);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
