package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.JobText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fine-tunes an encoder, as a training job. */
@Command(
    name = "train",
    description = "Fine-tune an encoder on the training images; the result serves if it is better.")
public final class TrainCommand extends LikenessCommand {

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "Data set.")
  private String data = "";

  @Option(names = "--encoder", required = true, paramLabel = "NAME", description = "Encoder.")
  private String encoder = "";

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description =
          "Name of the new encoder (default: the old name, whose next version it becomes).")
  private @Nullable String newName;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of everything random (default 0).")
  private long seed;

  @Option(names = "--detach", description = "Do not wait for the end.")
  private boolean detach;

  @Mixin private FineTuneOptions options = new FineTuneOptions();

  /** The command in its surroundings. */
  public TrainCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path dataset = existingDirectory("--data", data);
    TrainingSpec spec =
        TrainingSpec.newBuilder()
            .setDatasetPath(dataset.toString())
            .setEncoder(notBlank("--encoder", encoder))
            .setOutputEncoder(newName == null ? encoder : notBlank("--as", newName))
            .setSeed(seed)
            .setFineTune(options.method())
            .build();
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      allow(dataset, output);
      TrainingJobs jobs = new TrainingJobs(platform, session().patience());
      TrainingJob job = jobs.create(spec);
      if (detach) {
        output.result(
            "Job %s is accepted; './likeness jobs watch %s' follows it"
                .formatted(job.getId(), job.getId()));
        return JobText.json(jobs.get(job.getId()));
      }
      output.note("Job " + job.getId());
      TrainingJob ended = TrainingJobs.requireSuccess(jobs.follow(job.getId(), progress));
      JobText.end(ended).forEach(output::result);
      return JobText.json(jobs.get(job.getId()));
    }
  }
}
