package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.GalleryText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.gateway.v1.Gallery;
import dev.likeness.gateway.v1.UpdateGalleryRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a gallery look at its images and their attributes again. */
@Command(
    name = "update",
    description = "Take up images that are new, changed or gone, and changed attributes.")
public final class GalleryUpdateCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofMinutes(2);

  @Parameters(paramLabel = "NAME", description = "The gallery.")
  private String name = "";

  @Option(
      names = "--attributes",
      paramLabel = "FILE",
      description = "Another file of attributes (default: the one it has, or attributes.csv).")
  private @Nullable String attributes;

  @Option(names = "--detach", description = "Do not wait until it is searched.")
  private boolean detach;

  /** The command in its surroundings. */
  public GalleryUpdateCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    UpdateGalleryRequest.Builder request =
        UpdateGalleryRequest.newBuilder().setName(notBlank("NAME", name));
    Path file = attributes == null ? null : existingFile("--attributes", attributes);
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      if (file != null) {
        allow(folderOf(file), output);
        request.setAttributesPath(file.toString());
      }
      Gallery gallery =
          Platform.within(TIME, platform.galleries()).updateGallery(request.build()).getGallery();
      if (!detach) {
        gallery = GalleryWork.follow(platform, gallery, progress);
      }
      output.result(GalleryText.sentence(gallery));
      GalleryText.notes(gallery).forEach(output::note);
      return GalleryText.json(gallery);
    }
  }
}
