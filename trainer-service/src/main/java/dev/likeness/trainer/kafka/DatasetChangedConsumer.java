package dev.likeness.trainer.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.likeness.events.v1.DatasetChanged;
import dev.likeness.service.PathOutsideRootsException;
import dev.likeness.trainer.job.DatasetIntake;
import dev.likeness.trainer.work.PolicyWatch;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hears that a data set has changed: writes that down for the policies that watch it, and
 * acknowledges; how much has changed is found out afterwards. Repeats and late events do no harm,
 * since what there is is compared with what there was. What is no such event goes to the dead
 * letters with its reason.
 */
@ApplicationScoped
public class DatasetChangedConsumer {

  private static final Logger LOG = Logger.getLogger(DatasetChangedConsumer.class);

  private final DatasetIntake intake;
  private final PolicyWatch watch;

  /** Called by the container. */
  public DatasetChangedConsumer(DatasetIntake intake, PolicyWatch watch) {
    this.intake = intake;
    this.watch = watch;
  }

  /** An event. */
  @Incoming("dataset-changed")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  @RunOnVirtualThread
  public CompletionStage<Void> consume(KafkaRecord<@Nullable String, byte @Nullable []> event) {
    try {
      DatasetChanged changed = parse(event.getPayload());
      int watching = intake.tell(changed.getDatasetPath(), changed.getTrainingImageCount());
      if (watching > 0) {
        watch.wake();
      }
      return event.ack();
    } catch (PathOutsideRootsException | RuntimeException e) {
      LOG.warnf("an event goes to the dead letters: %s", e.getMessage());
      return event.nack(e);
    }
  }

  private static DatasetChanged parse(byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new UnreadableCommandException("the record is empty");
    }
    try {
      return DatasetChanged.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UnreadableCommandException("the record is no likeness.events.v1.DatasetChanged");
    }
  }
}
