package dev.likeness.embedder.serving;

import dev.likeness.encoders.runtime.ModelLoadException;
import dev.likeness.encoders.runtime.ModelVerifier;
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
 */
public record EncoderVerification(
    boolean checksumMatches, @Nullable VerifyReport golden, String failureReason) {

  /** Reads the files and recomputes the golden vector. */
  public static EncoderVerification of(ModelPackage model, RuntimeOptions options) {
    try {
      model.checkHashes();
    } catch (ModelStoreException damaged) {
      return new EncoderVerification(false, null, String.valueOf(damaged.getMessage()));
    }
    try {
      VerifyReport report = ModelVerifier.verify(model, options);
      return new EncoderVerification(
          true, report, report.passed() ? "" : report.summary() + "; import it again");
    } catch (ModelLoadException | ModelStoreException failure) {
      return new EncoderVerification(true, null, String.valueOf(failure.getMessage()));
    }
  }

  public boolean passed() {
    return checksumMatches && golden != null && golden.passed();
  }
}
