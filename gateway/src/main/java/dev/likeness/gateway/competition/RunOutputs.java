package dev.likeness.gateway.competition;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.metrics.MetricReport;
import dev.likeness.evaluation.metrics.RetrievalMetrics;
import dev.likeness.evaluation.record.RunRecord;
import dev.likeness.evaluation.record.RunRecordFile;
import dev.likeness.evaluation.report.HtmlReport;
import dev.likeness.evaluation.report.RankedImage;
import dev.likeness.evaluation.report.ReportContent;
import dev.likeness.evaluation.submission.Submission;
import dev.likeness.evaluation.submission.SubmissionCheck;
import dev.likeness.evaluation.submission.SubmissionFile;
import dev.likeness.evaluation.submission.SubmissionProblem;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunResult;
import dev.likeness.gateway.run.RunSpec;
import dev.likeness.gateway.run.StageSeconds;
import dev.likeness.service.PathOutsideRootsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** Writes submission, record and report of a run, each whole or not at all. */
final class RunOutputs {

  /** Seed of the bootstrap, so that equal answers have equal intervals. */
  static final long SEED = 42;

  private final DatasetFolder folder;

  RunOutputs(DatasetFolder folder) {
    this.folder = folder;
  }

  /**
   * What the files are made of.
   *
   * @param answers query → names, in the order of the data set
   */
  record Findings(
      Dataset dataset,
      Truth truth,
      RunEncoders encoders,
      SequencedMap<String, List<RankedName>> answers,
      RunProgress progress) {}

  /**
   * Writes the files and says where they are.
   *
   * @param ownDirectory the run's own directory
   * @throws RunFailedException if the submission breaks a rule, or a file cannot be written
   */
  RunResult write(Findings findings, Path ownDirectory) throws PathOutsideRootsException {
    Run run = findings.progress().run();
    RunSpec spec = run.spec();
    Submission submission = submission(findings.answers());
    requireValid(submission, findings.dataset(), spec.topK());
    Path submissionFile =
        folder.output(spec, ownDirectory, "submissions").resolve(run.id() + ".json");
    Path reportFile = folder.output(spec, ownDirectory, "reports").resolve(run.id() + ".html");
    Path results = folder.output(spec, ownDirectory, "results");
    MetricReport metrics =
        RetrievalMetrics.measure(submission.answers(), findings.truth(), spec.topK(), SEED);
    try {
      String datasetHash = findings.dataset().hash();
      SubmissionFile.write(submissionFile, submission);
      HtmlReport.write(reportFile, report(findings, metrics, datasetHash));
      StageSeconds seconds = findings.progress().seconds();
      Path recordFile = record(results, findings, metrics, datasetHash, seconds);
      return new RunResult(
          submissionFile.toString(),
          recordFile.toString(),
          reportFile.toString(),
          run.id().galleryCollection(),
          findings.dataset().query().size(),
          findings.dataset().gallery().size(),
          MeasuredScores.of(metrics).orElse(null),
          seconds,
          findings.encoders().fingerprint());
    } catch (IOException e) {
      throw new RunFailedException(
          "cannot write the outputs below '%s' (%s); free space or check the permissions and create the run again"
              .formatted(
                  spec.outputPath() == null ? ownDirectory : spec.outputPath(), e.getMessage()),
          e);
    }
  }

  private static Submission submission(SequencedMap<String, List<RankedName>> answers) {
    SequencedMap<String, List<String>> names = new LinkedHashMap<>();
    answers.forEach(
        (query, ranked) -> names.put(query, ranked.stream().map(RankedName::name).toList()));
    return new Submission(names);
  }

  private static void requireValid(Submission submission, Dataset dataset, int k) {
    List<SubmissionProblem> problems = SubmissionCheck.against(submission, dataset, k);
    if (!problems.isEmpty()) {
      throw new RunFailedException(
          "the submission breaks a rule (%d problems): %s; leave the data set as it is while a run goes on"
              .formatted(problems.size(), problems.getFirst().message()));
    }
  }

  private static ReportContent report(Findings findings, MetricReport metrics, String datasetHash) {
    SequencedMap<String, List<RankedImage>> answers = new LinkedHashMap<>();
    findings
        .answers()
        .forEach(
            (query, ranked) ->
                answers.put(
                    query,
                    ranked.stream()
                        .map(name -> new RankedImage(name.name(), name.similarity()))
                        .toList()));
    Run run = findings.progress().run();
    return new ReportContent(
        run.id().value(),
        findings.progress().now(),
        findings.encoders().name(),
        findings.encoders().fingerprint(),
        findings.dataset(),
        datasetHash,
        findings.truth(),
        metrics,
        answers,
        stages(findings.progress().seconds()),
        run.warnings());
  }

  /** Writes the record, or finds the one that this run wrote before it was interrupted. */
  private static Path record(
      Path results,
      Findings findings,
      MetricReport metrics,
      String datasetHash,
      StageSeconds seconds)
      throws IOException {
    Run run = findings.progress().run();
    Optional<Path> earlier = earlierRecord(results, run);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    RunRecord record =
        new RunRecord(
            findings.encoders().name(),
            run.id().value(),
            RunRecord.Scores.of(metrics),
            RunRecord.Training.frozen(findings.encoders().pooling(), run.work().batchSize()),
            new RunRecord.Inputs(
                findings.dataset().query().size(),
                findings.dataset().gallery().size(),
                findings.encoders().fingerprint(),
                datasetHash,
                SEED,
                run.spec().rerank() == Rerank.NONE ? null : run.spec().rerank().text(),
                findings.encoders().record()),
            new RunRecord.Times(seconds.total(), stages(seconds)));
    return RunRecordFile.write(
        results,
        record,
        LocalDateTime.ofInstant(findings.progress().now(), ZoneId.systemDefault()));
  }

  private static Optional<Path> earlierRecord(Path results, Run run) throws IOException {
    if (!Files.isDirectory(results)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(results)) {
      return files
          .filter(file -> file.getFileName().toString().contains("_metrics_"))
          .filter(file -> isRecordOf(run, file))
          .findFirst();
    }
  }

  private static boolean isRecordOf(Run run, Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant().isAfter(run.createTime())
          && run.id().value().equals(RunRecordFile.read(file).runId());
    } catch (IOException e) {
      return false;
    }
  }

  private static SequencedMap<String, Double> stages(StageSeconds seconds) {
    SequencedMap<String, Double> stages = new LinkedHashMap<>();
    stages.put("decode", seconds.decode());
    stages.put("embed", seconds.embed());
    stages.put("index", seconds.index());
    stages.put("search", seconds.search());
    return stages;
  }
}
