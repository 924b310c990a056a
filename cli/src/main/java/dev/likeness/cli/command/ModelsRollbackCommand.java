package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.trainer.v1.RollBackModelRequest;
import dev.likeness.trainer.v1.RollBackModelResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets another version of an encoder serve its name. */
@Command(name = "rollback", description = "Let an earlier version of an encoder serve again.")
public final class ModelsRollbackCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofSeconds(30);

  @Parameters(paramLabel = "NAME", description = "Encoder.")
  private String name = "";

  @Option(
      names = "--to",
      paramLabel = "VERSION",
      description = "Version (default: the one that served before).")
  private @Nullable Integer version;

  /** The command in its surroundings. */
  public ModelsRollbackCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    RollBackModelRequest.Builder request =
        RollBackModelRequest.newBuilder().setEncoder(notBlank("NAME", name));
    if (version != null) {
      request.setVersion(between("--to", version, 1, Integer.MAX_VALUE));
    }
    try (Platform platform = connect()) {
      RollBackModelResponse done =
          Platform.within(TIME, platform.models()).rollBackModel(request.build());
      int now = done.getModel().getVersion();
      output.result(
          now == done.getPreviousVersion()
              ? "%s/%d serves already.".formatted(name, now)
              : "%s/%d serves, instead of version %d; galleries follow within seconds."
                  .formatted(name, now, done.getPreviousVersion()));
      ObjectNode json = JsonDocument.object();
      json.put("encoder", name);
      json.put("version", now);
      json.put("previous_version", done.getPreviousVersion());
      return json;
    }
  }
}
