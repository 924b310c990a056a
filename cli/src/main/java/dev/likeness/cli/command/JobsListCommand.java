package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.JobText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.evaluation.file.JsonDocument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Training jobs, newest first. */
@Command(name = "list", description = "List the training jobs, newest first.")
public final class JobsListCommand extends LikenessCommand {
  private static final int MOST = 500;

  @Option(names = "--count", paramLabel = "N", description = "At most so many (default 20).")
  private int count = 20;

  /** The command in its surroundings. */
  public JobsListCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    int most = between("--count", count, 1, MOST);
    ObjectNode json = JsonDocument.object();
    ArrayNode jobs = json.putArray("jobs");
    try (Platform platform = connect()) {
      output.result(JobText.heading());
      new TrainingJobs(platform, session().patience())
          .newest(most)
          .forEach(
              job -> {
                output.result(JobText.line(job));
                jobs.add(JobText.json(job));
              });
    }
    return json;
  }
}
