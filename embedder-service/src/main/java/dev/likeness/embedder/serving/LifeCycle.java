package dev.likeness.embedder.serving;

import dev.likeness.encoders.store.ModelVersion;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where an encoder is between disk and memory. The methods are the legal transitions; whatever was
 * serving goes on serving until something better has been verified.
 */
sealed interface LifeCycle {

  /** Nobody has used it yet, or it was unloaded. */
  LifeCycle AVAILABLE = new Available();

  /** What answers requests now. */
  Optional<ServedEncoder> serving();

  /** What is known of one of its versions. */
  default ServingState stateOf(ModelVersion version) {
    return serving().filter(encoder -> encoder.version().equals(version)).isPresent()
        ? ServingState.ACTIVE
        : ServingState.AVAILABLE;
  }

  /** A version is being brought in. */
  default Loading load(ModelVersion version) {
    return new Loading(version, new CompletableFuture<>(), serving().orElse(null));
  }

  /** Only on disk. */
  record Available() implements LifeCycle {
    @Override
    public Optional<ServedEncoder> serving() {
      return Optional.empty();
    }
  }

  /**
   * Being loaded and verified.
   *
   * @param result settled after the transition to the next state
   * @param previous what serves meanwhile
   */
  record Loading(
      ModelVersion version,
      CompletableFuture<ServedEncoder> result,
      @Nullable ServedEncoder previous)
      implements LifeCycle {

    @Override
    public Optional<ServedEncoder> serving() {
      return Optional.ofNullable(previous);
    }

    @Override
    public ServingState stateOf(ModelVersion asked) {
      return asked.equals(version) ? ServingState.LOADING : LifeCycle.super.stateOf(asked);
    }

    Active succeed(ServedEncoder loaded) {
      return new Active(loaded);
    }

    Failed fail(String reason) {
      return new Failed(version, reason, previous);
    }
  }

  /** In memory and verified. */
  record Active(ServedEncoder encoder) implements LifeCycle {
    @Override
    public Optional<ServedEncoder> serving() {
      return Optional.of(encoder);
    }
  }

  /**
   * The last attempt failed.
   *
   * @param previous what still serves
   */
  record Failed(ModelVersion version, String reason, @Nullable ServedEncoder previous)
      implements LifeCycle {

    @Override
    public Optional<ServedEncoder> serving() {
      return Optional.ofNullable(previous);
    }

    @Override
    public ServingState stateOf(ModelVersion asked) {
      return asked.equals(version) ? ServingState.FAILED : LifeCycle.super.stateOf(asked);
    }
  }
}
