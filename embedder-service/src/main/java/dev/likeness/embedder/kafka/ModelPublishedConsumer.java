package dev.likeness.embedder.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.serving.ModelShelf;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelVersion;
import dev.likeness.events.v1.ModelPublished;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Hears that a version was published, and starts to load it if the encoder is served in an older
 * one. An encoder that is not served needs nothing: its next use takes the newest version.
 *
 * <p>Every instance reads every event in a consumer group of its own, which begins at the end of
 * the topic and commits nothing. Repeated, late and lost events do no harm: the store decides what
 * is newest, and it is asked every {@code likeness.embedder.refresh-interval} in any case. The
 * event is acknowledged when the load has begun.
 *
 * <p>What is not a {@code ModelPublished} of a version in the store goes to the dead letter topic
 * {@code likeness.model.published.dead-letter} (once per instance) with the reason in its headers.
 */
@ApplicationScoped
public class ModelPublishedConsumer {

  private static final Logger LOG = Logger.getLogger(ModelPublishedConsumer.class);

  private final ModelShelf shelf;
  private final EncoderCatalog catalog;

  /** Called by the container. */
  public ModelPublishedConsumer(ModelShelf shelf, EncoderCatalog catalog) {
    this.shelf = shelf;
    this.catalog = catalog;
  }

  /**
   * Called for each record.
   *
   * @throws UnusableEventException to send it to the dead letter topic
   */
  @Incoming("model-published")
  @RunOnVirtualThread
  public void consume(byte[] payload) {
    try {
      ModelPackage model = check(ModelPublished.parseFrom(payload));
      catalog.refresh(model.name());
    } catch (InvalidProtocolBufferException notTheMessage) {
      throw unusable("the value is not a likeness.events.v1.ModelPublished message");
    }
  }

  private ModelPackage check(ModelPublished event) {
    ModelVersion version;
    try {
      version = new ModelVersion(new EncoderName(event.getEncoder()), event.getVersion());
    } catch (IllegalArgumentException invalid) {
      throw unusable(String.valueOf(invalid.getMessage()));
    }
    ModelPackage model =
        shelf.find(version).orElseThrow(() -> unusable("the model store has no " + version));
    String actual = model.fingerprint().value();
    if (!event.getFingerprint().isEmpty() && !event.getFingerprint().equals(actual)) {
      throw unusable(
          "the event says fingerprint %s for %s, the model store has %s"
              .formatted(event.getFingerprint(), version, actual));
    }
    return model;
  }

  private static UnusableEventException unusable(String reason) {
    LOG.warnf("an event of likeness.model.published is put aside: %s", reason);
    return new UnusableEventException(reason);
  }
}
