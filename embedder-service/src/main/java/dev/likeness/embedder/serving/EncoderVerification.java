package dev.likeness.embedder.serving;

import dev.likeness.encoders.runtime.ModelLoadException;
import dev.likeness.encoders.runtime.ModelVerifier;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.VerifyReport;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStoreException;
import org.jspecify.annotations.Nullable;

/**
 * What checking a package from disk gave; it uses its own session and disturbs nobody.
 *
 * @param checksumMatches whether the files are those that were published
 * @param golden null if the vector could not be computed
 * @param failureReason what is wrong and how to repair it; empty if all is well
 * @param imagesPerSecond of the network alone, measured now; null if it could not be run
 */
public record EncoderVerification(
    boolean checksumMatches,
    @Nullable VerifyReport golden,
    String failureReason,
    @Nullable Double imagesPerSecond) {

  /** Reads the files and recomputes the golden vector. */
  public static EncoderVerification of(ModelPackage model, RuntimeOptions options) {
    try {
      model.checkHashes();
    } catch (ModelStoreException damaged) {
      return new EncoderVerification(false, null, String.valueOf(damaged.getMessage()), null);
    }
    try (OnnxImageEmbedder network = OnnxImageEmbedder.open(model, options)) {
      VerifyReport report = ModelVerifier.verify(model, network);
      return new EncoderVerification(
          true,
          report,
          report.passed() ? "" : report.summary() + "; import it again",
          InferenceSpeed.measure(network));
    } catch (ModelLoadException | ModelStoreException failure) {
      return new EncoderVerification(true, null, String.valueOf(failure.getMessage()), null);
    }
  }

  public boolean passed() {
    return checksumMatches && golden != null && golden.passed();
  }
}
