package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.JobText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Cancels a training job. */
@Command(name = "cancel", description = "Cancel a training job.")
public final class JobsCancelCommand extends LikenessCommand {

  @Parameters(paramLabel = "JOB", description = "Its id.")
  private String id = "";

  /** The command in its surroundings. */
  public JobsCancelCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    try (Platform platform = connect()) {
      TrainingJob job =
          new TrainingJobs(platform, session().patience()).cancel(notBlank("JOB", id));
      output.result(
          job.getState() == TrainingJobState.TRAINING_JOB_STATE_CANCELLED
              ? "Job %s is cancelled.".formatted(job.getId())
              : "Job %s is asked to stop; it ends after the step at work.".formatted(job.getId()));
      return JobText.json(job);
    }
  }
}
