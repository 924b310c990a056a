package dev.likeness.trainer.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.likeness.events.v1.TrainingJobRequested;
import dev.likeness.service.PathOutsideRootsException;
import dev.likeness.trainer.grpc.TrainerMessages;
import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.JobIntake;
import dev.likeness.trainer.job.JobStoreException;
import dev.likeness.trainer.work.JobWorker;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Accepts jobs from Kafka: checks the command, writes it into the job store and acknowledges it.
 * The work itself is somebody else's. A command that was delivered before is acknowledged again;
 * one that can never be accepted goes to the dead letters with its reason.
 */
@ApplicationScoped
public class TrainingJobConsumer {

  private static final Logger LOG = Logger.getLogger(TrainingJobConsumer.class);

  /** Together well below the age at which the channel counts a record as stalled (60 s). */
  private static final int STORE_TRIES = 5;

  private static final Duration STORE_PAUSE = Duration.ofSeconds(2);

  private final JobIntake intake;
  private final JobWorker worker;

  /** Called by the container. */
  public TrainingJobConsumer(JobIntake intake, JobWorker worker) {
    this.intake = intake;
    this.worker = worker;
  }

  /**
   * A command; its bytes are parsed here, so that what is no command keeps them as a dead letter.
   */
  @Incoming("training-jobs")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  @RunOnVirtualThread
  public CompletionStage<Void> consume(KafkaRecord<@Nullable String, byte @Nullable []> command) {
    try {
      accept(parse(command.getPayload()));
      worker.wake();
      return command.ack();
    } catch (PathOutsideRootsException | RuntimeException e) {
      LOG.warnf("a command goes to the dead letters: %s", e.getMessage());
      return command.nack(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return command.nack(e);
    }
  }

  private static TrainingJobRequested parse(byte @Nullable [] bytes) {
    if (bytes == null) {
      throw new UnreadableCommandException("the record is empty");
    }
    try {
      return TrainingJobRequested.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UnreadableCommandException(
          "the record is no likeness.events.v1.TrainingJobRequested");
    }
  }

  private void accept(TrainingJobRequested command)
      throws PathOutsideRootsException, InterruptedException {
    JobId id = new JobId(command.getJobId());
    var spec = TrainerMessages.specOf(command.getSpec());
    for (int tries = 1; ; tries++) {
      try {
        var job = intake.accept(id, null, spec);
        LOG.infof("job %s is accepted", job.id());
        return;
      } catch (JobStoreException e) {
        if (tries == STORE_TRIES) {
          throw e;
        }
        Thread.sleep(STORE_PAUSE);
      }
    }
  }
}
