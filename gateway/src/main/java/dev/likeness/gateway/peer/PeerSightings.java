package dev.likeness.gateway.peer;

import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;

/** How the last call of each peer went. Safe for use by many threads. */
public final class PeerSightings {

  private final Clock clock;
  private final Map<PeerName, String> last = new EnumMap<>(PeerName.class);

  /**
   * @param clock time of the sightings
   */
  public PeerSightings(Clock clock) {
    this.clock = clock;
  }

  /** It answered. */
  public synchronized void seen(PeerName peer) {
    last.put(peer, "answered at " + clock.instant());
  }

  /** It did not answer. */
  public synchronized void missed(PeerName peer, String why) {
    last.put(peer, "missed at " + clock.instant() + ": " + why);
  }

  /** A sentence about the last call. */
  public synchronized String last(PeerName peer) {
    return last.getOrDefault(peer, "not called yet");
  }
}
