package dev.likeness.encoders.store;

import dev.likeness.encoders.store.ModelStoreException.Reason;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A published encoder: card, graph and weights in one folder that never changes again.
 *
 * @param directory {@code <store>/<name>/<version>}
 */
public record ModelPackage(ModelVersion version, EncoderCard card, Path directory) {

  static final String ONNX_FILE = "encoder.onnx";
  static final String CARD_FILE = "encoder.json";

  public EncoderName name() {
    return version.name();
  }

  public Path onnxPath() {
    return directory.resolve(ONNX_FILE);
  }

  public Fingerprint fingerprint() {
    return card.fingerprint();
  }

  /**
   * Reads all files once and compares their hashes with the card.
   *
   * @throws ModelStoreException if one is missing or differs
   */
  public void checkHashes() {
    checkHash(ONNX_FILE, card.weights().onnxSha256());
    card.weights().dataHashes().forEach(this::checkHash);
  }

  private void checkHash(String file, String expected) {
    try {
      String actual = Sha256.of(directory.resolve(file));
      if (!actual.equals(expected)) {
        throw new ModelStoreException(
            Reason.HASH_MISMATCH,
            "%s of model %s is damaged: its SHA-256 is %s, the card says %s; import it again"
                .formatted(file, version, actual, expected));
      }
    } catch (IOException unreadable) {
      throw new ModelStoreException(
          Reason.STORAGE_FAILED,
          "%s of model %s cannot be read; import it again".formatted(file, version),
          unreadable);
    }
  }
}
