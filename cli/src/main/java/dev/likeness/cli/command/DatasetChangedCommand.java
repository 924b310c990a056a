package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.trainer.v1.ReportDatasetChangeRequest;
import dev.likeness.trainer.v1.ReportDatasetChangeResponse;
import dev.likeness.trainer.v1.TrainingPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says that a data set has changed. */
@Command(
    name = "changed",
    description = "Say that a data set has changed; a policy may start a training job.")
public final class DatasetChangedCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofMinutes(2);

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "Data set.")
  private String data = "";

  /** The command in its surroundings. */
  public DatasetChangedCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path dataset = existingDirectory("--data", data);
    try (Platform platform = connect()) {
      allow(dataset, output);
      ReportDatasetChangeResponse report =
          Platform.within(TIME, platform.datasets())
              .reportDatasetChange(
                  ReportDatasetChangeRequest.newBuilder()
                      .setDatasetPath(dataset.toString())
                      .build());
      output.result(
          "%d training images%s%s; %d policies watch them."
              .formatted(
                  report.getTrainingImageCount(),
                  report.hasAddedImageCount()
                      ? ", %+d since the last report".formatted(report.getAddedImageCount())
                      : "",
                  report.hasChangedImageCount()
                      ? ", %d changed".formatted(report.getChangedImageCount())
                      : "",
                  report.getPoliciesCount()));
      for (TrainingPolicy policy : report.getPoliciesList()) {
        output.result(
            "  %s is trained again when %d images have changed since its last job"
                .formatted(policy.getSpec().getOutputEncoder(), policy.getMinNewImages()));
      }
      ObjectNode json = JsonDocument.object();
      json.put("training_images", report.getTrainingImageCount());
      json.put("added", report.hasAddedImageCount() ? report.getAddedImageCount() : null);
      json.put("changed", report.hasChangedImageCount() ? report.getChangedImageCount() : null);
      json.put("policies", report.getPoliciesCount());
      return json;
    }
  }
}
