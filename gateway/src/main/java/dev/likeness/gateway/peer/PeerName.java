package dev.likeness.gateway.peer;

/** The services that the gateway calls. */
public enum PeerName {
  /** Images to vectors. */
  EMBEDDER("embedder"),
  /** Vectors to neighbors. */
  INDEX("index");

  private final String text;

  PeerName(String text) {
    this.text = text;
  }

  /** As users read it. */
  public String text() {
    return text;
  }
}
