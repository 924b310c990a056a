package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.v1.DeleteGalleryRequest;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a gallery; the images stay. */
@Command(name = "remove", description = "Remove a gallery; its images stay.")
public final class GalleryRemoveCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofMinutes(2);

  @Parameters(paramLabel = "NAME", description = "Its name.")
  private String name = "";

  /** The command in its surroundings. */
  public GalleryRemoveCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    try (Platform platform = connect()) {
      var unused =
          Platform.within(TIME, platform.galleries())
              .deleteGallery(
                  DeleteGalleryRequest.newBuilder().setName(notBlank("NAME", name)).build());
      output.result("Removed gallery %s.".formatted(name));
    }
    ObjectNode json = JsonDocument.object();
    json.put("gallery", name);
    return json;
  }
}
