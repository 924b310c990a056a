package dev.likeness.gateway.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Id of a run, e.g. {@code 20260131-094502-123-k7qd}: UTC time to the millisecond and four random
 * characters. Ids sort by time as text, and need no escaping in URLs, file and collection names.
 */
public record RunId(String value) implements Comparable<RunId> {

  private static final Pattern FORM = Pattern.compile("[0-9]{8}-[0-9]{6}-[0-9]{3}-[a-z2-7]{4}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

  /** Rejects texts of another form. */
  public RunId {
    if (!isId(value)) {
      throw new IllegalArgumentException(
          "a run id looks like 20260131-094502-123-k7qd, not '" + value + "'");
    }
  }

  /** Whether a text has the form of an id. */
  public static boolean isId(String text) {
    return FORM.matcher(text).matches();
  }

  /** A new id; the random part keeps ids of several gateways apart. */
  public static RunId at(Instant time, RandomGenerator random) {
    StringBuilder id = new StringBuilder(TIME.format(time)).append('-');
    for (int i = 0; i < 4; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new RunId(id.toString());
  }

  /** Name of the collection that holds the gallery vectors of this run, of its first encoder. */
  public String galleryCollection() {
    return galleryCollection(0);
  }

  /**
   * Name of the collection that holds the gallery vectors of one of its encoders.
   *
   * @param encoder place of the encoder, from 0
   */
  public String galleryCollection(int encoder) {
    return "run-" + value + suffix(encoder);
  }

  /** Name of the collection that holds the query vectors of an encoder while the run goes on. */
  public String queryCollection(int encoder) {
    return "run-" + value + "-queries" + suffix(encoder);
  }

  private static String suffix(int encoder) {
    return encoder == 0 ? "" : "-" + (encoder + 1);
  }

  @Override
  public int compareTo(RunId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
