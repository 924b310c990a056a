package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.evaluation.file.JsonDocument;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** The version of this program and of its Java. */
@Command(name = "version", description = "Print the version.")
public final class VersionCommand extends LikenessCommand {
  /** The command in its surroundings. */
  public VersionCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    @Nullable String version = VersionCommand.class.getPackage().getImplementationVersion();
    String java = Runtime.version().toString();
    output.result(
        "Likeness " + (version == null ? "(version unknown)" : version) + ", Java " + java);
    return JsonDocument.object().put("version", version).put("java", java);
  }
}
