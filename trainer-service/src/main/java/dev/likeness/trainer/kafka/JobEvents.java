package dev.likeness.trainer.kafka;

import com.google.protobuf.Message;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.Promotion;
import dev.likeness.events.v1.DatasetChanged;
import dev.likeness.events.v1.ModelPromoted;
import dev.likeness.events.v1.ModelPublished;
import dev.likeness.events.v1.TrainingEpochFinished;
import dev.likeness.events.v1.TrainingJobChanged;
import dev.likeness.events.v1.TrainingStepsFinished;
import dev.likeness.trainer.grpc.FigureMessages;
import dev.likeness.trainer.grpc.TrainerMessages;
import dev.likeness.trainer.job.DatasetReports.Difference;
import dev.likeness.trainer.job.EventFormat;
import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.JobState;
import dev.likeness.trainer.job.OutboxEvent.Payload;
import dev.likeness.trainer.job.PromotionVerdict;
import dev.likeness.trainer.job.TrainingFigures;
import dev.likeness.trainer.job.TrainingJob;
import dev.likeness.training.finetune.EpochReport;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/**
 * Every change of a job is told; its success also as the publication of a model and, where it is
 * one, as a promotion.
 */
@Singleton
public final class JobEvents implements EventFormat {

  private static final int LONGEST_KEY = 128;

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
      PromotionVerdict verdict = succeeded.model().verdict();
      if (verdict != null && verdict.promoted()) {
        drafts.add(promotion(changed, succeeded, verdict));
      }
    }
    return drafts;
  }

  private static Draft promotion(
      TrainingJob job, JobState.Succeeded succeeded, PromotionVerdict verdict) {
    String encoder = job.spec().outputEncoder().value();
    ModelPromoted.Builder promoted =
        ModelPromoted.newBuilder()
            .setEncoder(encoder)
            .setVersion(succeeded.model().version())
            .setFingerprint(succeeded.model().fingerprint())
            .setJobId(job.id().value())
            .setReason(verdict.reason())
            .setPromoteTime(TrainerMessages.messageOf(succeeded.endTime()));
    if (verdict.previousVersion() != null) {
      promoted.setPreviousVersion(verdict.previousVersion());
    }
    return draft(Topics.MODEL_PROMOTED, encoder, promoted.build());
  }

  /** The events of a promotion that no job made. */
  public List<Draft> promoted(ModelPackage model, Promotion promotion) {
    ModelPromoted.Builder promoted =
        ModelPromoted.newBuilder()
            .setEncoder(model.name().value())
            .setVersion(model.version().version())
            .setFingerprint(model.fingerprint().value())
            .setReason(promotion.reason())
            .setPromoteTime(TrainerMessages.messageOf(promotion.time()));
    if (promotion.previous() != null) {
      promoted.setPreviousVersion(promotion.previous());
    }
    return List.of(draft(Topics.MODEL_PROMOTED, model.name().value(), promoted.build()));
  }

  /** The events of a data set that has changed since the report before. */
  public List<Draft> datasetChanged(String datasetPath, long images, Difference difference) {
    DatasetChanged.Builder changed =
        DatasetChanged.newBuilder()
            .setDatasetPath(datasetPath)
            .setTrainingImageCount(images)
            .setAddedImageCount(difference.added() == null ? 0 : difference.added());
    if (difference.changed() != null) {
      changed.setChangedImageCount(difference.changed());
    }
    return List.of(draft(Topics.DATASET_CHANGED, keyOf(datasetPath), changed.build()));
  }

  /** The end of a path tells more than its beginning, and a key is short. */
  private static String keyOf(String datasetPath) {
    return datasetPath.length() <= LONGEST_KEY
        ? datasetPath
        : datasetPath.substring(datasetPath.length() - LONGEST_KEY);
  }

  @Override
  public List<Draft> epochFinished(JobId job, EpochReport epoch, int epochs) {
    return List.of(
        draft(
            Topics.TRAINING_EVENTS,
            job.value(),
            TrainingEpochFinished.newBuilder()
                .setJobId(job.value())
                .setEpoch(FigureMessages.messageOf(epoch))
                .setEpochs(epochs)
                .build()));
  }

  @Override
  public List<Draft> stepsFinished(JobId job, TrainingFigures figures) {
    return List.of(
        draft(
            Topics.TRAINING_EVENTS,
            job.value(),
            TrainingStepsFinished.newBuilder()
                .setJobId(job.value())
                .setFigures(FigureMessages.messageOf(figures))
                .build()));
  }

  private static Draft draft(String topic, String key, Message message) {
    return new Draft(
        topic,
        key,
        message.getDescriptorForType().getFullName(),
        new Payload(message.toByteArray()));
  }
}
