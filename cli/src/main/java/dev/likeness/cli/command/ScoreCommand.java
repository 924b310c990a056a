package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Figures;
import dev.likeness.cli.output.Output;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.metrics.MetricReport;
import dev.likeness.evaluation.metrics.RetrievalMetrics;
import dev.likeness.evaluation.submission.Submission;
import dev.likeness.evaluation.submission.SubmissionFile;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Scores a submission against labels, without the platform. */
@Command(name = "score", description = "Score a submission against labels.")
public final class ScoreCommand extends LikenessCommand {
  /** Seed of the bootstrap interval, the same as of a run, so that both show the same interval. */
  private static final long INTERVAL_SEED = 42;

  @Option(
      names = "--submission",
      required = true,
      paramLabel = "FILE",
      description = "Submission, in any of the known dialects.")
  private String submissionFile = "";

  @Option(
      names = "--labels",
      required = true,
      paramLabel = "FILE",
      description = "{\"query\":{file:class},\"gallery\":{file:class}} or {query:[gallery…]}.")
  private String labelsFile = "";

  /** The command in its surroundings. */
  public ScoreCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path submissionPath = existingFile("--submission", submissionFile);
    Path labelsPath = existingFile("--labels", labelsFile);
    Submission submission = SubmissionFile.read(submissionPath);
    Truth.Known truth = TruthRules.fromLabels(labelsPath, submission.answers().keySet());
    int longest = submission.answers().values().stream().mapToInt(List::size).max().orElse(1);
    MetricReport report =
        RetrievalMetrics.measure(submission.answers(), truth, Math.max(1, longest), INTERVAL_SEED);
    Figures figures = Figures.of(report);
    truth.warnings().forEach(warning -> output.note("Note: " + warning));
    show(figures, report, output);
    return json(figures, report, truth.warnings());
  }

  private static void show(Figures figures, MetricReport report, Output output) {
    output.result(Figures.heading("submission".length()));
    output.result(figures.row("submission".length(), "submission"));
    output.result(figures.scoreSentence());
    output.result("Queries counted: " + report.allQueries().queries());
    if (report.missingAnswers() > 0) {
      output.result("Queries without an answer, counted as wrong: " + report.missingAnswers());
    }
  }

  private static ObjectNode json(Figures figures, MetricReport report, List<String> warnings) {
    ObjectNode json = JsonDocument.object();
    json.put("queries", report.allQueries().queries());
    json.put("missing_answers", report.missingAnswers());
    figures.addTo(json);
    json.put("mrr", report.allQueries().mrr());
    if (figures.scoreLow() == null || figures.scoreHigh() == null) {
      json.putNull("score_interval");
    } else {
      json.putArray("score_interval").add(figures.scoreLow()).add(figures.scoreHigh());
    }
    ArrayNode notes = json.putArray("warnings");
    warnings.forEach(notes::add);
    return json;
  }
}
