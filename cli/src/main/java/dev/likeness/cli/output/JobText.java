package dev.likeness.cli.output;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.trainer.v1.GetTrainingJobResponse;
import dev.likeness.trainer.v1.PromotionVerdict;
import dev.likeness.trainer.v1.TrainingEpoch;
import dev.likeness.trainer.v1.TrainingFigures;
import dev.likeness.trainer.v1.TrainingJob;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Training jobs as lines of text and as JSON. What is unknown is left out of lines, null in JSON.
 */
public final class JobText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);
  private static final String LINE = "%-36s  %-9s  %-16s  %-24s  %s";
  private static final int PERCENT = 100;
  private static final int MINUTE = 60;

  private JobText() {}

  /** The heading above {@link #line}. */
  public static String heading() {
    return LINE.formatted("job", "state", "accepted (UTC)", "encoder", "");
  }

  /** A job in a list. */
  public static String line(TrainingJob job) {
    return LINE.formatted(
            job.getId(),
            state(job),
            TIME.format(Instant.ofEpochSecond(job.getCreateTime().getSeconds())),
            encoder(job),
            remark(job))
        .stripTrailing();
  }

  private static String state(TrainingJob job) {
    return job.getState().name().replace("TRAINING_JOB_STATE_", "").toLowerCase(Locale.ROOT);
  }

  private static String encoder(TrainingJob job) {
    String name = job.getSpec().getOutputEncoder();
    return job.hasPublishedVersion() ? name + "/" + job.getPublishedVersion() : name;
  }

  private static String remark(TrainingJob job) {
    if (!job.getFailureReason().isEmpty()) {
      return job.getFailureReason();
    }
    if (job.hasPromotion()) {
      return job.getPromotion().getPromoted() ? "serves since then" : "did not serve";
    }
    return job.hasFigures() ? progress(job) : job.getStage();
  }

  /** Where a job stands, in one line: stage, epoch, loss, score, images/s and time left. */
  public static String progress(TrainingJob job) {
    String stage = job.getStage().isBlank() ? "working" : job.getStage();
    if (!job.hasFigures()) {
      return stage;
    }
    TrainingFigures figures = job.getFigures();
    StringBuilder line = new StringBuilder(stage);
    line.append(", epoch %d of %d".formatted(figures.getEpoch(), figures.getEpochs()));
    if (figures.hasLoss()) {
      line.append(format(", loss %.3f", figures.getLoss()));
    }
    if (figures.hasValidationScore()) {
      line.append(format(", score %.0f", figures.getValidationScore()));
    }
    if (figures.hasImagesPerSecond()) {
      line.append(format(", %.0f images/s", figures.getImagesPerSecond()));
    }
    if (figures.hasSecondsLeft()) {
      line.append(", ").append(duration(figures.getSecondsLeft())).append(" left");
    }
    return line.toString();
  }

  private static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 2 * MINUTE
        ? whole + " s"
        : "%d min".formatted(Math.round((double) whole / MINUTE));
  }

  /** Everything about a job, line by line. */
  public static List<String> details(GetTrainingJobResponse response) {
    TrainingJob job = response.getJob();
    List<String> lines = new ArrayList<>();
    lines.add("Job        " + job.getId());
    lines.add(
        "State      " + state(job) + (job.getAttempt() > 1 ? ", attempt " + job.getAttempt() : ""));
    lines.add("Encoder    " + job.getSpec().getEncoder() + " → " + encoder(job));
    lines.add("Data set   " + job.getSpec().getDatasetPath());
    if (job.getSpec().hasFineTune()) {
      var method = job.getSpec().getFineTune();
      lines.add(
          "Training   %s, %s, %d epochs, learning rate %s, batch %dx%d, seed %d"
              .formatted(
                  method.getTrain(),
                  method.getLoss(),
                  method.getEpochs(),
                  method.getLearningRate(),
                  method.getClassesPerBatch(),
                  method.getImagesPerClass(),
                  job.getSpec().getSeed()));
    }
    if (!job.getStage().isEmpty()) {
      lines.add("Stage      " + progress(job));
    }
    if (response.getEpochsCount() > 0) {
      lines.add("");
      lines.add("epoch  part        loss    score   P@10  images/s");
      response.getEpochsList().forEach(epoch -> lines.add(line(epoch)));
      lines.add("");
    }
    lines.addAll(end(job));
    return lines;
  }

  private static String line(TrainingEpoch epoch) {
    return format(
        "%5d  %-8s  %6s  %7.1f  %5.3f  %8s%s",
        epoch.getEpoch(),
        epoch.getStage(),
        epoch.hasLoss() ? format("%.3f", epoch.getLoss()) : "-",
        epoch.getValidation().getScore(),
        epoch.getValidation().getPrecisionAt10(),
        epoch.hasImagesPerSecond() ? format("%.0f", epoch.getImagesPerSecond()) : "-",
        epoch.getBest() ? "  best so far" : "");
  }

  /** What came of a job. */
  public static List<String> end(TrainingJob job) {
    List<String> lines = new ArrayList<>();
    job.getNotesList().forEach(note -> lines.add("Note: " + note));
    if (!job.getFailureReason().isEmpty()) {
      lines.add("Failed: " + job.getFailureReason());
    }
    if (job.hasPublishedVersion()) {
      lines.add("Published %s (job %s)".formatted(encoder(job), job.getId()));
    }
    if (job.hasPromotion()) {
      PromotionVerdict verdict = job.getPromotion();
      lines.add((verdict.getPromoted() ? "Serves: " : "Does not serve: ") + verdict.getReason());
    }
    if (!job.getReportPath().isEmpty()) {
      lines.add("Report: " + job.getReportPath());
    }
    return lines;
  }

  /** A job with its epochs, for programs. */
  public static ObjectNode json(GetTrainingJobResponse response) {
    ObjectNode json = json(response.getJob());
    ArrayNode epochs = json.putArray("epochs");
    for (TrainingEpoch epoch : response.getEpochsList()) {
      ObjectNode entry = epochs.addObject();
      entry.put("epoch", epoch.getEpoch());
      entry.put("stage", epoch.getStage());
      entry.put("loss", epoch.hasLoss() ? epoch.getLoss() : null);
      entry.put("score", epoch.getValidation().getScore());
      entry.put("precision_at_10", epoch.getValidation().getPrecisionAt10());
      entry.put("map_at_10", epoch.getValidation().getMapAt10());
      entry.put(
          "images_per_second", epoch.hasImagesPerSecond() ? epoch.getImagesPerSecond() : null);
    }
    return json;
  }

  /** A job, for programs. */
  public static ObjectNode json(TrainingJob job) {
    ObjectNode json = JsonDocument.object();
    json.put("job_id", job.getId());
    json.put("state", state(job));
    json.put("encoder", job.getSpec().getOutputEncoder());
    json.put("version", job.hasPublishedVersion() ? job.getPublishedVersion() : null);
    json.put(
        "fingerprint",
        job.getPublishedFingerprint().isEmpty() ? null : job.getPublishedFingerprint());
    json.put("attempt", job.getAttempt());
    json.put("failure_reason", job.getFailureReason().isEmpty() ? null : job.getFailureReason());
    json.put("report", job.getReportPath().isEmpty() ? null : job.getReportPath());
    if (job.hasPromotion()) {
      PromotionVerdict verdict = job.getPromotion();
      ObjectNode promotion = json.putObject("promotion");
      promotion.put("promoted", verdict.getPromoted());
      promotion.put("reason", verdict.getReason());
      promotion.put("score_before", verdict.getBefore().getScore());
      promotion.put("score_after", verdict.getAfter().getScore());
      promotion.put("precision_at_10_before", verdict.getBefore().getPrecisionAt10());
      promotion.put("precision_at_10_after", verdict.getAfter().getPrecisionAt10());
      promotion.put("difference", verdict.getDifference());
      promotion.put("difference_low", verdict.getDifferenceLow());
      promotion.put("difference_high", verdict.getDifferenceHigh());
    } else {
      json.putNull("promotion");
    }
    job.getNotesList().forEach(json.putArray("notes")::add);
    return json;
  }

  /** Share of a job that is done, in percent. */
  public static long percent(TrainingJob job) {
    return Math.round(job.getProgress() * PERCENT);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
