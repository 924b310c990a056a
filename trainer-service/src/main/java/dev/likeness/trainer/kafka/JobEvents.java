package dev.likeness.trainer.kafka;

import com.google.protobuf.Message;
import dev.likeness.events.v1.ModelPublished;
import dev.likeness.events.v1.TrainingJobChanged;
import dev.likeness.trainer.grpc.TrainerMessages;
import dev.likeness.trainer.job.EventFormat;
import dev.likeness.trainer.job.JobState;
import dev.likeness.trainer.job.OutboxEvent.Payload;
import dev.likeness.trainer.job.TrainingJob;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** Every change of a job is told; its success also as the publication of a model. */
@Singleton
public final class JobEvents implements EventFormat {

  @Override
  public List<Draft> eventsOf(TrainingJob changed) {
    List<Draft> drafts = new ArrayList<>();
    drafts.add(
        draft(
            Topics.TRAINING_EVENTS,
            changed.id().value(),
            TrainingJobChanged.newBuilder().setJob(TrainerMessages.messageOf(changed)).build()));
    if (changed.state() instanceof JobState.Succeeded succeeded) {
      String encoder = changed.spec().outputEncoder().value();
      drafts.add(
          draft(
              Topics.MODEL_PUBLISHED,
              encoder,
              ModelPublished.newBuilder()
                  .setEncoder(encoder)
                  .setVersion(succeeded.model().version())
                  .setFingerprint(succeeded.model().fingerprint())
                  .setJobId(changed.id().value())
                  .setPublishTime(TrainerMessages.messageOf(succeeded.endTime()))
                  .build()));
    }
    return drafts;
  }

  private static Draft draft(String topic, String key, Message message) {
    return new Draft(
        topic,
        key,
        message.getDescriptorForType().getFullName(),
        new Payload(message.toByteArray()));
  }
}
