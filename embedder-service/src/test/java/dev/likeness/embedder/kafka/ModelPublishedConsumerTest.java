package dev.likeness.embedder.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.likeness.embedder.PlatformResource;
import dev.likeness.embedder.serving.CopiedVersions;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.serving.ServingState;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.events.v1.ModelPublished;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class ModelPublishedConsumerTest {

  private static final EncoderName MINI = new EncoderName("likeness-mini");

  @Inject
  @Connector("smallrye-in-memory")
  InMemoryConnector connector;

  @Inject ModelStore store;
  @Inject EncoderCatalog catalog;

  @AfterEach
  void removeCopies() throws Exception {
    catalog.unload(MINI.value());
    CopiedVersions.removeCopies(store);
  }

  @Test
  void newVersionOfAServedEncoderIsLoaded() throws Exception {
    // Given
    catalog.load(MINI.value(), null);
    CopiedVersions.add(store, 2);

    // When it is heard of twice
    handled(event(2, fingerprint())).join();
    handled(event(2, fingerprint())).join();

    // Then
    catalog.load(MINI.value(), null);
    assertThat(catalog.acquire(MINI.value()).version().version()).isEqualTo(2);
  }

  @Test
  void eventOfAnEncoderThatNobodyUsesIsAcknowledged() throws Exception {
    catalog.unload(MINI.value());

    handled(event(1, fingerprint())).join();

    assertThat(catalog.find(MINI.value(), null).state()).isEqualTo(ServingState.AVAILABLE);
  }

  @Test
  void poisonIsRejectedWithAReason() {
    assertThat(rejection(new byte[] {1, 2, 3})).hasMessageContaining("not a likeness.events.v1");
    assertThat(rejection(ModelPublished.newBuilder().setEncoder("../x").setVersion(1).build()))
        .hasMessageContaining("encoder's name");
    assertThat(rejection(ModelPublished.newBuilder().setEncoder("nobody").setVersion(1).build()))
        .hasMessageContaining("the model store has no nobody/1");
    assertThat(rejection(event(1, "0".repeat(64)))).hasMessageContaining("fingerprint");
  }

  private String fingerprint() {
    return store.find(MINI).orElseThrow().fingerprint().value();
  }

  private static ModelPublished event(int version, String fingerprint) {
    return ModelPublished.newBuilder()
        .setEncoder(MINI.value())
        .setVersion(version)
        .setFingerprint(fingerprint)
        .build();
  }

  private Throwable rejection(ModelPublished event) {
    return rejection(event.toByteArray());
  }

  private Throwable rejection(byte[] payload) {
    Throwable thrown = catchThrowable(() -> handled(payload).join());
    return thrown instanceof CompletionException wrapped ? wrapped.getCause() : thrown;
  }

  private CompletableFuture<Void> handled(ModelPublished event) {
    return handled(event.toByteArray());
  }

  private CompletableFuture<Void> handled(byte[] payload) {
    CompletableFuture<Void> outcome = new CompletableFuture<>();
    connector
        .<Message<byte[]>>source("model-published")
        .send(
            Message.of(
                payload,
                () -> {
                  outcome.complete(null);
                  return CompletableFuture.completedFuture(null);
                },
                reason -> {
                  outcome.completeExceptionally(reason);
                  return CompletableFuture.completedFuture(null);
                }));
    return outcome;
  }
}
