package dev.likeness.embedder.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.events.v1.ModelPromoted;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Hears that another version serves a name, and starts to load it if the name is served here. As
 * with {@link ModelPublishedConsumer}, the model store decides; repeated, late and lost events do
 * no harm. What is no {@code ModelPromoted} goes to {@code likeness.model.promoted.dead-letter}.
 */
@ApplicationScoped
public class ModelPromotedConsumer {

  private static final Logger LOG = Logger.getLogger(ModelPromotedConsumer.class);

  private final EncoderCatalog catalog;

  /** Called by the container. */
  public ModelPromotedConsumer(EncoderCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Called for each record.
   *
   * @throws UnusableEventException to send it to the dead letter topic
   */
  @Incoming("model-promoted")
  @RunOnVirtualThread
  public void consume(byte[] payload) {
    try {
      catalog.refresh(new EncoderName(ModelPromoted.parseFrom(payload).getEncoder()));
    } catch (InvalidProtocolBufferException notTheMessage) {
      throw unusable("the value is not a likeness.events.v1.ModelPromoted message");
    } catch (IllegalArgumentException invalid) {
      throw unusable(String.valueOf(invalid.getMessage()));
    }
  }

  private static UnusableEventException unusable(String reason) {
    LOG.warnf("an event of likeness.model.promoted is put aside: %s", reason);
    return new UnusableEventException(reason);
  }
}
