package dev.likeness.trainer.grpc;

import com.google.protobuf.Timestamp;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.trainer.job.InvalidJobException;
import dev.likeness.trainer.job.JobState;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.Progress;
import dev.likeness.trainer.job.PublishedModel;
import dev.likeness.trainer.job.TrainingJob;
import dev.likeness.trainer.job.TrainingSpec;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.TrainingJobState;
import java.time.Instant;

/** Between the trainer's messages and its domain, both ways. */
public final class TrainerMessages {

  private TrainerMessages() {}

  /**
   * What a message asks for.
   *
   * @throws InvalidJobException if a field breaks its rule
   */
  public static TrainingSpec specOf(dev.likeness.trainer.v1.TrainingSpec message) {
    return new TrainingSpec(
        message.getDatasetPath(),
        encoder("spec.encoder", message.getEncoder()),
        encoder("spec.output_encoder", message.getOutputEncoder()),
        message.getSeed(),
        method(message));
  }

  private static EncoderName encoder(String field, String name) {
    try {
      return new EncoderName(name);
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException(field, field + ": " + e.getMessage());
    }
  }

  private static Method method(dev.likeness.trainer.v1.TrainingSpec message) {
    return switch (message.getMethodCase()) {
      case PCA_WHITENING -> {
        PcaWhiteningMethod pca = message.getPcaWhitening();
        yield new Method.PcaWhitening(pca.hasDimension() ? pca.getDimension() : null);
      }
      case FINE_TUNE -> FineTuneMessages.methodOf(message.getFineTune(), message.getSeed());
      case METHOD_NOT_SET ->
          throw new InvalidJobException(
              "spec.method", "the method of training is missing; set pca_whitening or fine_tune");
    };
  }

  /** The message of a spec. */
  public static dev.likeness.trainer.v1.TrainingSpec messageOf(TrainingSpec spec) {
    var message =
        dev.likeness.trainer.v1.TrainingSpec.newBuilder()
            .setDatasetPath(spec.datasetPath())
            .setEncoder(spec.encoder().value())
            .setOutputEncoder(spec.outputEncoder().value())
            .setSeed(spec.seed());
    switch (spec.method()) {
      case Method.PcaWhitening pca -> {
        PcaWhiteningMethod.Builder method = message.getPcaWhiteningBuilder();
        if (pca.dimension() != null) {
          method.setDimension(pca.dimension());
        }
      }
      case Method.FineTune fineTune -> message.setFineTune(FineTuneMessages.messageOf(fineTune));
    }
    return message.build();
  }

  /** The message of a job. */
  public static dev.likeness.trainer.v1.TrainingJob messageOf(TrainingJob job) {
    var message =
        dev.likeness.trainer.v1.TrainingJob.newBuilder()
            .setId(job.id().value())
            .setSpec(messageOf(job.spec()))
            .addAllNotes(job.notes())
            .setCreateTime(messageOf(job.createTime()))
            .setAttempt(job.state().attempt());
    Instant start = job.state().startTime();
    if (start != null) {
      message.setStartTime(messageOf(start));
    }
    if (job.state() instanceof JobState.Ended ended) {
      message.setEndTime(messageOf(ended.endTime()));
    }
    return addState(message, job.state()).build();
  }

  private static dev.likeness.trainer.v1.TrainingJob.Builder addState(
      dev.likeness.trainer.v1.TrainingJob.Builder message, JobState state) {
    return switch (state) {
      case JobState.Queued _ -> message.setState(TrainingJobState.TRAINING_JOB_STATE_QUEUED);
      case JobState.Running running -> {
        Progress progress = running.progress();
        message.setState(TrainingJobState.TRAINING_JOB_STATE_RUNNING).setStage(progress.stage());
        if (progress.figures() != null) {
          message.setFigures(FigureMessages.messageOf(progress.figures()));
        }
        yield progress.share() == null ? message : message.setProgress(progress.share());
      }
      case JobState.Succeeded succeeded -> {
        PublishedModel model = succeeded.model();
        message
            .setState(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED)
            .setProgress(1)
            .setPublishedVersion(model.version())
            .setPublishedFingerprint(model.fingerprint());
        if (model.verdict() != null) {
          message.setPromotion(FigureMessages.messageOf(model.verdict()));
        }
        yield model.reportPath() == null ? message : message.setReportPath(model.reportPath());
      }
      case JobState.Failed failed ->
          message
              .setState(TrainingJobState.TRAINING_JOB_STATE_FAILED)
              .setFailureReason(failed.reason());
      case JobState.Cancelled _ -> message.setState(TrainingJobState.TRAINING_JOB_STATE_CANCELLED);
    };
  }

  /** The message of a moment. */
  public static Timestamp messageOf(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
