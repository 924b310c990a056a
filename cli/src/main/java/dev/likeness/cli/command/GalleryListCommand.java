package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.GalleryText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.v1.Gallery;
import dev.likeness.gateway.v1.ListGalleriesRequest;
import java.time.Duration;
import picocli.CommandLine.Command;

/** The galleries and what they are searched with. */
@Command(name = "list", description = "List the galleries and what they are searched with.")
public final class GalleryListCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final int PAGE_SIZE = 1000;

  /** The command in its surroundings. */
  public GalleryListCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    ObjectNode json = JsonDocument.object();
    ArrayNode galleries = json.putArray("galleries");
    try (Platform platform = connect()) {
      for (Gallery gallery :
          Platform.within(TIME, platform.galleries())
              .listGalleries(ListGalleriesRequest.newBuilder().setPageSize(PAGE_SIZE).build())
              .getGalleriesList()) {
        output.result(GalleryText.sentence(gallery));
        galleries.add(GalleryText.json(gallery));
      }
    }
    return json;
  }
}
