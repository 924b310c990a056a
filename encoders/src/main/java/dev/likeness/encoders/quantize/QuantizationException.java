package dev.likeness.encoders.quantize;

/** An encoder that is not quantised as asked; the message says why and what to do. */
public final class QuantizationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why. Stable: services hand it on as the machine-readable reason. */
  public enum Reason {
    /** It computes in integers already. */
    ALREADY_QUANTIZED,
    /** It is joined from several encoders. */
    ENSEMBLE,
    /** The graph is written in operators too old for integer weights per channel. */
    UNSUPPORTED_OPERATORS,
    /** Nothing in the graph can be computed in integers. */
    NOTHING_TO_QUANTIZE,
    TOO_FEW_IMAGES,
    /** The integer vectors are too far from the float32 ones. */
    LOW_FIDELITY
  }

  private final Reason reason;

  QuantizationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
