package dev.likeness.system.kubernetes;

import java.util.Map;

/** Amounts of memory as Kubernetes, the JVM and the services write them, all in powers of 1024. */
final class Quantity {

  private static final Map<Character, Long> UNITS =
      Map.of('K', 1L << 10, 'M', 1L << 20, 'G', 1L << 30);

  private Quantity() {}

  /** Bytes of {@code 512m}, {@code 8G} or {@code 2Gi}. */
  static long bytes(String text) {
    String number = text.replaceFirst("[KMGkmg]i?$", "");
    if (number.length() == text.length()) {
      throw new IllegalArgumentException("no amount of memory: " + text);
    }
    char unit = Character.toUpperCase(text.charAt(number.length()));
    return Math.multiplyExact(Long.parseLong(number), UNITS.get(unit));
  }
}
