package dev.likeness.trainer.finetune;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelVersion;
import dev.likeness.evaluation.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The version that a job trains from, in its work folder, so that it stays the same. */
final class BaseVersion {

  private static final String FILE = "base-version";

  private BaseVersion() {}

  static Optional<ModelVersion> read(Path folder, EncoderName encoder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    return text.matches("[1-9][0-9]{0,8}")
        ? Optional.of(new ModelVersion(encoder, Integer.parseInt(text)))
        : Optional.empty();
  }

  static void write(Path folder, ModelVersion version) throws IOException {
    AtomicFile.write(
        folder.resolve(FILE),
        String.valueOf(version.version()).getBytes(StandardCharsets.US_ASCII));
  }
}
