package dev.likeness.gateway.grpc;

import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.peer.PeerName;
import dev.likeness.gateway.peer.PeerSightings;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What the clients of both peers do the same way: deadlines, failures, reconnecting. */
final class PeerChannel {

  private final PeerName peer;
  private final Channel channel;
  private final Duration deadline;
  private final PeerSightings sightings;

  /**
   * @param deadline of one call
   * @param sightings told how each call went
   */
  PeerChannel(PeerName peer, Channel channel, Duration deadline, PeerSightings sightings) {
    this.peer = peer;
    this.channel = channel;
    this.deadline = deadline;
    this.sightings = sightings;
  }

  Channel channel() {
    return channel;
  }

  Duration deadline() {
    return deadline;
  }

  /** Calls with a deadline of its own. */
  <S extends AbstractStub<S>, T> T call(S stub, Function<S, T> call) {
    try {
      T answer = call.apply(stub.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS));
      seen();
      return answer;
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  void seen() {
    sightings.seen(peer);
  }

  /** What a failed call means. */
  PeerException failure(Throwable thrown) {
    PeerException failure = PeerFailures.of(peer, thrown);
    switch (failure) {
      case PeerException.Unavailable unavailable -> {
        sightings.missed(peer, String.valueOf(unavailable.getMessage()));
        // Otherwise the channel itself waits for up to two minutes before it tries to connect.
        if (channel instanceof ManagedChannel managed) {
          managed.resetConnectBackoff();
        }
      }
      case PeerException.Refused _ -> sightings.seen(peer);
    }
    return failure;
  }
}
