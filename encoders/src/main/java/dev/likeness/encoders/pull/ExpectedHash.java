package dev.likeness.encoders.pull;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a publisher states about a file's SHA-256.
 *
 * @param digits the first digits, or all 64, lower-case hexadecimal
 */
record ExpectedHash(String digits) {

  private static final Pattern IN_FILE_NAME = Pattern.compile(".*-([0-9a-f]{8})\\.\\w+");
  private static final Pattern COMPLETE = Pattern.compile("(?:W/)?\"?([0-9a-fA-F]{64})\"?");

  /** torchvision's names end in eight digits. */
  static Optional<ExpectedHash> ofFileName(String name) {
    Matcher matcher = IN_FILE_NAME.matcher(name);
    return matcher.matches() ? Optional.of(new ExpectedHash(matcher.group(1))) : Optional.empty();
  }

  /** Hugging Face's X-Linked-Etag is the hash of files in large file storage. */
  static Optional<ExpectedHash> ofEntityTag(String tag) {
    Matcher matcher = COMPLETE.matcher(tag);
    return matcher.matches()
        ? Optional.of(new ExpectedHash(matcher.group(1).toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  boolean matches(String sha256) {
    return sha256.startsWith(digits);
  }
}
