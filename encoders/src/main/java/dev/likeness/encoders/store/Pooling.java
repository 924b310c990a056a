package dev.likeness.encoders.store;

import java.util.Arrays;
import java.util.Locale;

/** How a map or a row of tokens becomes one vector; it is part of the ONNX graph. */
public enum Pooling {
  /** The network's output is already one vector. */
  NONE,
  /** Mean over space, or over the patch tokens. */
  GAP,
  /** Generalised mean, (mean(max(x, 1e-6)^p))^(1/p), with p = 3 (Radenović et al., 2018). */
  GEM,
  /** The first token. */
  CLS;

  /**
   * @throws IllegalArgumentException if the text is none of none, gap, gem, cls
   */
  public static Pooling parse(String text) {
    return Arrays.stream(values())
        .filter(pooling -> pooling.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "pooling is one of none, gap, gem, cls; got '" + text + "'"));
  }
}
