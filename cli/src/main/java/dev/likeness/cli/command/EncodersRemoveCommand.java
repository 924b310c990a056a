package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.embedder.v1.RemoveEncoderRequest;
import dev.likeness.embedder.v1.RemoveEncoderResponse;
import dev.likeness.evaluation.file.JsonDocument;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes an encoder from the model store and from memory. */
@Command(name = "remove", description = "Remove an encoder, or one version of it.")
public final class EncodersRemoveCommand extends LikenessCommand {
  /** Images in flight are waited for. */
  private static final Duration TIME = Duration.ofMinutes(2);

  @Parameters(paramLabel = "NAME", description = "Encoder.")
  private String name = "";

  @Option(names = "--version", paramLabel = "N", description = "Version (default: all of them).")
  private @Nullable Integer version;

  /** The command in its surroundings. */
  public EncodersRemoveCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    RemoveEncoderRequest.Builder request =
        RemoveEncoderRequest.newBuilder().setName(notBlank("NAME", name));
    if (version != null) {
      request.setVersion(between("--version", version, 1, Integer.MAX_VALUE));
    }
    try (Platform platform = connect()) {
      return show(
          Platform.within(TIME, platform.embedder()).removeEncoder(request.build()), output);
    }
  }

  private ObjectNode show(RemoveEncoderResponse removed, Output output) {
    output.result(
        "Removed %s, version %s: %s freed."
            .formatted(
                name,
                removed.getVersionsList().stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(", ")),
                EncoderText.size(removed.getFreedBytes())));
    output.note(
        "Collections made with it keep their vectors; to search them by a new image, pull or import"
            + " the same weights again.");
    ObjectNode json = JsonDocument.object();
    json.put("encoder", name);
    ArrayNode versions = json.putArray("versions");
    removed.getVersionsList().forEach(versions::add);
    json.put("freed_bytes", removed.getFreedBytes());
    return json;
  }
}
