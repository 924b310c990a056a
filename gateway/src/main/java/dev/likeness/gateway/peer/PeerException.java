package dev.likeness.gateway.peer;

import org.jspecify.annotations.Nullable;

/** Another service did not do what it was asked. */
public abstract sealed class PeerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final PeerName peer;

  private PeerException(PeerName peer, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.peer = peer;
  }

  /** Which service. */
  public PeerName peer() {
    return peer;
  }

  /** It is away, overloaded or restarting: the same call may succeed later. */
  public static final class Unavailable extends PeerException {

    private static final long serialVersionUID = 1L;

    private final boolean suspicious;

    /**
     * @param suspicious true if it answered, but with a failure of its own that may be a bug
     * @param cause what the transport said, with its details; null if there is nothing more to say
     */
    public Unavailable(
        PeerName peer, String message, boolean suspicious, @Nullable Throwable cause) {
      super(peer, message, cause);
      this.suspicious = suspicious;
    }

    /** True if waiting long will hardly help. */
    public boolean isSuspicious() {
      return suspicious;
    }
  }

  /** It refused: the same call will be refused again. */
  public static final class Refused extends PeerException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason its stable reason, e.g. ENCODER_NOT_FOUND; empty if it gave none
     * @param message what it said
     * @param cause what the transport said, with its details; null if there is nothing more to say
     */
    public Refused(PeerName peer, String reason, String message, @Nullable Throwable cause) {
      super(peer, message, cause);
      this.reason = reason;
    }

    /** Its stable reason. */
    public String reason() {
      return reason;
    }
  }
}
