package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Figures;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.CompetitionRuns;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.v1.Run;
import dev.likeness.gateway.v1.RunResult;
import dev.likeness.gateway.v1.RunSpec;
import dev.likeness.gateway.v1.StageSeconds;
import java.util.Locale;

/**
 * A finished competition run, as it is shown.
 *
 * @param run the run as the gateway tells it
 * @param figures its figures
 */
record Competition(Run run, Figures figures) {

  /** Runs it to its end, with progress. */
  static Competition run(CompetitionRuns runs, RunSpec spec, Output output) {
    try (Progress progress = new Progress(output)) {
      Run run = runs.run(spec, progress);
      Figures figures =
          run.getResult().hasScores() ? Figures.of(run.getResult().getScores()) : Figures.UNKNOWN;
      return new Competition(run, figures);
    }
  }

  /** For people. */
  void show(Output output) {
    RunResult result = run.getResult();
    run.getWarningsList().forEach(warning -> output.note("Note: " + warning));
    String encoder = run.getSpec().getEncoder();
    output.result(
        "%s on %d queries × %d gallery images, %.1f s"
            .formatted(
                encoder,
                result.getQueryCount(),
                result.getGalleryCount(),
                result.getSeconds().getTotal()));
    output.result(Figures.heading(encoder.length()));
    output.result(figures.row(encoder.length(), encoder));
    output.result(figures.scoreSentence());
    output.result(seconds(result.getSeconds()));
    output.result("Submission: " + result.getSubmissionPath());
    output.result("Record:     " + result.getRecordPath());
    output.result("Report:     " + result.getReportPath());
  }

  /** For programs. */
  ObjectNode toJson() {
    RunResult result = run.getResult();
    ObjectNode json = JsonDocument.object();
    json.put("run_id", run.getId());
    json.put("submission", result.getSubmissionPath());
    json.put("record", result.getRecordPath());
    json.put("report", result.getReportPath());
    json.put("queries", result.getQueryCount());
    json.put("gallery", result.getGalleryCount());
    figures.addTo(json);
    StageSeconds seconds = result.getSeconds();
    json.putObject("seconds")
        .put("decode", seconds.getDecode())
        .put("embed", seconds.getEmbed())
        .put("index", seconds.getIndex())
        .put("search", seconds.getSearch())
        .put("total", seconds.getTotal());
    return json;
  }

  private static String seconds(StageSeconds seconds) {
    return String.format(
        Locale.ROOT,
        "Seconds: decode %.2f, embed %.2f (both summed over images), index %.2f, search %.2f",
        seconds.getDecode(),
        seconds.getEmbed(),
        seconds.getIndex(),
        seconds.getSearch());
  }
}
