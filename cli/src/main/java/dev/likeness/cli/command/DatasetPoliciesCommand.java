package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.PolicyText;
import dev.likeness.cli.platform.Platform;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.trainer.v1.ListTrainingPoliciesRequest;
import dev.likeness.trainer.v1.TrainingPolicy;
import java.time.Duration;
import picocli.CommandLine.Command;

/** The data sets that start training jobs by themselves. */
@Command(name = "policies", description = "List the data sets that are watched.")
public final class DatasetPoliciesCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final int PAGE_SIZE = 1000;

  /** The command in its surroundings. */
  public DatasetPoliciesCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    ObjectNode json = JsonDocument.object();
    ArrayNode policies = json.putArray("policies");
    try (Platform platform = connect()) {
      for (TrainingPolicy policy :
          Platform.within(TIME, platform.datasets())
              .listTrainingPolicies(
                  ListTrainingPoliciesRequest.newBuilder().setPageSize(PAGE_SIZE).build())
              .getPoliciesList()) {
        output.result(PolicyText.sentence(policy));
        policies.add(PolicyText.json(policy));
      }
    }
    return json;
  }
}
