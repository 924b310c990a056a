package dev.likeness.trainer.finetune;

import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.evaluation.report.TrainingReport;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.PromotionVerdict;
import dev.likeness.trainer.job.TrainingJob;
import dev.likeness.training.finetune.EpochReport;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Writes the page of a job that has published. */
final class TrainingReportWriter {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private final Path folder;

  TrainingReportWriter(Path folder) {
    this.folder = folder;
  }

  /** Writes the page and says where it is. */
  Path write(
      TrainingJob job, ModelPackage model, Trained trained, PromotionVerdict verdict, Instant now)
      throws IOException {
    Path file = Files.createDirectories(folder).resolve(job.id().value() + ".html");
    TrainingReport.write(
        file,
        new TrainingReport.Content(
            model.version().toString(),
            "Job %s · %s".formatted(job.id(), TIME.format(now)),
            (verdict.promoted() ? "Serves: " : "Does not serve: ") + verdict.reason(),
            trained.before().score(),
            trained.history().stream().map(TrainingReportWriter::epoch).toList(),
            facts(job, trained),
            List.of()));
    return file;
  }

  private static TrainingReport.Epoch epoch(EpochReport epoch) {
    return new TrainingReport.Epoch(
        epoch.epoch(),
        epoch.stage(),
        Double.isFinite(epoch.loss()) ? epoch.loss() : null,
        epoch.validation().score(),
        epoch.best());
  }

  private static SequencedMap<String, String> facts(TrainingJob job, Trained trained) {
    SequencedMap<String, String> facts = new LinkedHashMap<>();
    facts.put("Data set", job.spec().datasetPath());
    facts.put("Trained from", job.spec().encoder().value());
    if (job.spec().method() instanceof Method.FineTune fineTune) {
      FineTuneSpec spec = fineTune.spec();
      facts.put("Trained part", spec.scope().text());
      facts.put("Loss", spec.objective().text());
      facts.put("Epochs", "%d, and %d of the head".formatted(spec.epochs(), spec.headEpochs()));
      facts.put("Learning rate", String.valueOf(spec.optimization().learningRate()));
      facts.put(
          "Batch",
          "%d classes × %d images".formatted(spec.batch().classes(), spec.batch().images()));
    }
    facts.put("Seed", String.valueOf(job.spec().seed()));
    facts.put(
        "Ended because",
        trained.reason().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    facts.put("Best epoch", String.valueOf(trained.bestEpoch()));
    facts.put(
        "Held out",
        "%d queries among %d images"
            .formatted(trained.after().queries(), trained.after().gallery()));
    return facts;
  }
}
