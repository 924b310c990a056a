package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fits a PCA-whitening projection to an encoder, as a training job. */
@Command(
    name = "fit-whitening",
    description = "Fit a PCA-whitening projection on the training images, and publish it.")
public final class FitWhiteningCommand extends LikenessCommand {
  private static final int MAX_DIMENSION = 4096;

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "Data set.")
  private String data = "";

  @Option(names = "--encoder", required = true, paramLabel = "NAME", description = "Encoder.")
  private String encoder = "";

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "Name of the new encoder (default: the old name and -white).")
  private @Nullable String newName;

  @Option(
      names = "--dimension",
      paramLabel = "D",
      description = "Length of the new vectors (default: at most 256).")
  private @Nullable Integer dimension;

  /** The command in its surroundings. */
  public FitWhiteningCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path dataset = existingDirectory("--data", data);
    PcaWhiteningMethod.Builder method = PcaWhiteningMethod.newBuilder();
    if (dimension != null) {
      method.setDimension(between("--dimension", dimension, 1, MAX_DIMENSION));
    }
    TrainingSpec spec =
        TrainingSpec.newBuilder()
            .setDatasetPath(dataset.toString())
            .setEncoder(notBlank("--encoder", encoder))
            .setOutputEncoder(newName == null ? encoder + "-white" : notBlank("--as", newName))
            .setPcaWhitening(method)
            .build();
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      allow(dataset, output);
      TrainingJob job = new TrainingJobs(platform, session().patience()).run(spec, progress);
      job.getNotesList().forEach(note -> output.note("Note: " + note));
      output.result(
          "Published %s, version %d (job %s)"
              .formatted(job.getSpec().getOutputEncoder(), job.getPublishedVersion(), job.getId()));
      return json(job);
    }
  }

  private static ObjectNode json(TrainingJob job) {
    ObjectNode json = JsonDocument.object();
    json.put("job_id", job.getId());
    json.put("encoder", job.getSpec().getOutputEncoder());
    json.put("version", job.hasPublishedVersion() ? job.getPublishedVersion() : null);
    json.put("fingerprint", job.getPublishedFingerprint());
    job.getNotesList().forEach(json.putArray("notes")::add);
    return json;
  }
}
