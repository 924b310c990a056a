package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.trainer.v1.DeleteTrainingPolicyRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets a data set start no more jobs. */
@Command(name = "unwatch", description = "Start no more jobs when a data set has changed.")
public final class DatasetUnwatchCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofSeconds(30);

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "Data set.")
  private String data = "";

  @Option(
      names = "--as",
      required = true,
      paramLabel = "NAME",
      description = "Name of the trained encoder.")
  private String name = "";

  /** The command in its surroundings. */
  public DatasetUnwatchCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path dataset = existingDirectory("--data", data);
    try (Platform platform = connect()) {
      var unused =
          Platform.within(TIME, platform.datasets())
              .deleteTrainingPolicy(
                  DeleteTrainingPolicyRequest.newBuilder()
                      .setDatasetPath(dataset.toString())
                      .setOutputEncoder(notBlank("--as", name))
                      .build());
      output.result("%s is no longer trained when %s changes.".formatted(name, dataset));
    }
    ObjectNode json = JsonDocument.object();
    json.put("dataset", dataset.toString());
    json.put("encoder", name);
    return json;
  }
}
