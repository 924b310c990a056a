package dev.likeness.gateway.grpc;

import com.google.protobuf.Timestamp;
import dev.likeness.evaluation.competition.CompetitionReply;
import dev.likeness.gateway.competition.SubmissionScoring.Scored;
import dev.likeness.gateway.peer.FoundImages;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunResult;
import dev.likeness.gateway.run.RunScores;
import dev.likeness.gateway.run.RunSpec;
import dev.likeness.gateway.run.RunState;
import dev.likeness.gateway.run.ScoreFusion;
import dev.likeness.gateway.run.StageSeconds;
import dev.likeness.gateway.v1.AcceptedSubmission;
import dev.likeness.gateway.v1.FoundImage;
import dev.likeness.gateway.v1.Interval;
import dev.likeness.gateway.v1.QueuedSubmission;
import dev.likeness.gateway.v1.RejectedSubmission;
import dev.likeness.gateway.v1.RunStage;
import dev.likeness.gateway.v1.ScoreSubmissionResponse;
import dev.likeness.gateway.v1.Scores;
import dev.likeness.gateway.v1.SendSubmissionResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages of {@code likeness.gateway.v1} ↔ domain. */
final class GatewayMessages {

  private GatewayMessages() {}

  static RunSpec spec(dev.likeness.gateway.v1.RunSpec spec) {
    return new RunSpec(
        spec.getDatasetPath(),
        spec.getEncoder(),
        spec.getTopK() == 0 ? RunSpec.DEFAULT_TOP_K : spec.getTopK(),
        emptyToNull(spec.getLabelsPath()),
        emptyToNull(spec.getOutputPath()),
        Rerank.of("spec.rerank", spec.getRerank()),
        ScoreFusion.of(
            "spec.fusion",
            spec.getFusion(),
            spec.getWeightsList(),
            RunSpec.names(spec.getEncoder()).size()));
  }

  static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  static dev.likeness.gateway.v1.Run run(Run run) {
    dev.likeness.gateway.v1.Run.Builder message =
        dev.likeness.gateway.v1.Run.newBuilder()
            .setId(run.id().value())
            .setSpec(spec(run.spec()))
            .addAllWarnings(run.warnings())
            .setCreateTime(timestamp(run.createTime()));
    switch (run.state()) {
      case RunState.Queued _ -> message.setState(dev.likeness.gateway.v1.RunState.RUN_STATE_QUEUED);
      case RunState.Running running ->
          message
              .setState(dev.likeness.gateway.v1.RunState.RUN_STATE_RUNNING)
              .setStage(stage(running.stage()))
              .setStageDone(running.done())
              .setStageTotal(running.total());
      case RunState.Succeeded succeeded ->
          message
              .setState(dev.likeness.gateway.v1.RunState.RUN_STATE_SUCCEEDED)
              .setEndTime(timestamp(succeeded.endTime()))
              .setResult(result(succeeded.result()));
      case RunState.Failed failed ->
          message
              .setState(dev.likeness.gateway.v1.RunState.RUN_STATE_FAILED)
              .setStage(stage(failed.stage()))
              .setFailureReason(failed.reason())
              .setEndTime(timestamp(failed.endTime()));
    }
    return message.build();
  }

  private static dev.likeness.gateway.v1.RunSpec spec(RunSpec spec) {
    dev.likeness.gateway.v1.RunSpec.Builder message = dev.likeness.gateway.v1.RunSpec.newBuilder();
    if (spec.fusion() != null) {
      message.setFusion(ScoreFusion.MIN_MAX).addAllWeights(spec.fusion().shares());
    }
    return message
        .setDatasetPath(spec.datasetPath())
        .setEncoder(spec.encoder())
        .setTopK(spec.topK())
        .setLabelsPath(spec.labelsPath() == null ? "" : spec.labelsPath())
        .setOutputPath(spec.outputPath() == null ? "" : spec.outputPath())
        .setRerank(spec.rerank().text())
        .build();
  }

  private static RunStage stage(dev.likeness.gateway.run.RunStage stage) {
    return switch (stage) {
      case GALLERY -> RunStage.RUN_STAGE_GALLERY;
      case QUERIES -> RunStage.RUN_STAGE_QUERIES;
      case SEARCH -> RunStage.RUN_STAGE_SEARCH;
      case REPORT -> RunStage.RUN_STAGE_REPORT;
    };
  }

  private static dev.likeness.gateway.v1.RunResult result(RunResult result) {
    dev.likeness.gateway.v1.RunResult.Builder message =
        dev.likeness.gateway.v1.RunResult.newBuilder()
            .setSubmissionPath(result.submissionPath())
            .setRecordPath(result.recordPath())
            .setReportPath(result.reportPath())
            .setCollection(result.collection())
            .setQueryCount(result.queries())
            .setGalleryCount(result.gallery())
            .setSeconds(seconds(result.seconds()))
            .setFingerprint(result.fingerprint());
    if (result.scores() != null) {
      message.setScores(scores(result.scores()));
    }
    return message.build();
  }

  private static dev.likeness.gateway.v1.StageSeconds seconds(StageSeconds seconds) {
    return dev.likeness.gateway.v1.StageSeconds.newBuilder()
        .setDecode(seconds.decode())
        .setEmbed(seconds.embed())
        .setIndex(seconds.index())
        .setSearch(seconds.search())
        .setTotal(seconds.total())
        .build();
  }

  private static Scores scores(RunScores scores) {
    Scores.Builder message =
        Scores.newBuilder()
            .setTop1(scores.top1())
            .setMrr(scores.mrr())
            .setQueryCount(scores.queries());
    if (scores.top5() != null) {
      message.setTop5(scores.top5());
    }
    if (scores.top10() != null) {
      message.setTop10(scores.top10());
    }
    if (scores.precisionAt10() != null) {
      message.setPrecisionAt10(scores.precisionAt10());
    }
    if (scores.mapAt10() != null) {
      message.setMapAt10(scores.mapAt10());
    }
    if (scores.score() != null) {
      message.setScore(scores.score());
    }
    if (scores.scoreLow() != null && scores.scoreHigh() != null) {
      message.setScoreInterval(
          Interval.newBuilder().setLow(scores.scoreLow()).setHigh(scores.scoreHigh()));
    }
    return message.build();
  }

  static ScoreSubmissionResponse scored(Scored scored) {
    ScoreSubmissionResponse.Builder message =
        ScoreSubmissionResponse.newBuilder().addAllWarnings(scored.warnings());
    if (scored.scores() != null) {
      message.setScores(scores(scored.scores()));
    }
    return message.build();
  }

  static SendSubmissionResponse sent(CompetitionReply reply) {
    SendSubmissionResponse.Builder message = SendSubmissionResponse.newBuilder();
    switch (reply) {
      case CompetitionReply.Accepted(Double accuracy, String raw) -> {
        AcceptedSubmission.Builder accepted = AcceptedSubmission.newBuilder().setReply(raw);
        if (accuracy != null) {
          accepted.setAccuracy(accuracy);
        }
        message.setAccepted(accepted);
      }
      case CompetitionReply.Rejected(int status, String text) ->
          message.setRejected(RejectedSubmission.newBuilder().setStatusCode(status).setReply(text));
      case CompetitionReply.Queued(String reason) ->
          message.setQueued(QueuedSubmission.newBuilder().setReason(reason));
    }
    return message.build();
  }

  static List<FoundImage> found(FoundImages found) {
    return found.images().stream()
        .map(
            image ->
                FoundImage.newBuilder()
                    .setId(image.id())
                    .setScore(image.score())
                    .putAllAttributes(AttributeMessages.messages(image.attributes()))
                    .build())
        .toList();
  }

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
