package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.JobText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.trainer.v1.GetTrainingJobResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One training job with its epochs. */
@Command(name = "show", description = "Show a training job with its epochs.")
public final class JobsShowCommand extends LikenessCommand {

  @Parameters(paramLabel = "JOB", description = "Its id.")
  private String id = "";

  /** The command in its surroundings. */
  public JobsShowCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    try (Platform platform = connect()) {
      GetTrainingJobResponse job =
          new TrainingJobs(platform, session().patience()).get(notBlank("JOB", id));
      JobText.details(job).forEach(output::result);
      return JobText.json(job);
    }
  }
}
