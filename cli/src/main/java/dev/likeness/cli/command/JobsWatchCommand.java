package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.JobText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.trainer.v1.TrainingJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Follows a training job to its end, whatever that is. */
@Command(name = "watch", description = "Follow a training job to its end.")
public final class JobsWatchCommand extends LikenessCommand {

  @Parameters(paramLabel = "JOB", description = "Its id.")
  private String id = "";

  /** The command in its surroundings. */
  public JobsWatchCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      TrainingJobs jobs = new TrainingJobs(platform, session().patience());
      TrainingJob ended = jobs.follow(notBlank("JOB", id), progress);
      JobText.end(ended).forEach(output::result);
      return JobText.json(jobs.get(id));
    }
  }
}
