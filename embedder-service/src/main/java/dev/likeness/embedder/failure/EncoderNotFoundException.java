package dev.likeness.embedder.failure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The model store has no such encoder, or not that version of it. */
public final class EncoderNotFoundException extends EmbedderException {

  private static final long serialVersionUID = 1L;

  /** A message with more names than this helps nobody. */
  private static final int NAMES_SHOWN = 20;

  /**
   * @param name as the caller wrote it
   * @param version the version asked for, null for the one that serves
   * @param existing names of the model store
   */
  public EncoderNotFoundException(String name, @Nullable Integer version, List<String> existing) {
    super(
        "there is no encoder '%s'%s; the model store has %s"
            .formatted(
                name.length() <= 80 ? name : name.substring(0, 80) + "…",
                version == null ? "" : " of version " + version,
                existing.isEmpty() ? "none" : shown(existing)));
  }

  private EncoderNotFoundException(String message) {
    super(message);
  }

  /** No version has the fingerprint. */
  public static EncoderNotFoundException ofFingerprint(String fingerprint) {
    return new EncoderNotFoundException(
        "no encoder of the model store has the fingerprint '%s'; it may have been removed"
            .formatted(
                fingerprint.length() <= 80 ? fingerprint : fingerprint.substring(0, 80) + "…"));
  }

  private static String shown(List<String> existing) {
    String names = String.join(", ", existing.stream().limit(NAMES_SHOWN).toList());
    int more = existing.size() - NAMES_SHOWN;
    return more > 0 ? names + " and " + more + " more" : names;
  }
}
