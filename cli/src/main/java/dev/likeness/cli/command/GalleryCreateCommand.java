package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.GalleryText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.gateway.v1.CreateGalleryRequest;
import dev.likeness.gateway.v1.Gallery;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a folder of images searchable under a name that follows its encoder. */
@Command(
    name = "create",
    description = "Keep the images of a folder searchable under a name, whatever version serves.")
public final class GalleryCreateCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofMinutes(2);

  @Parameters(paramLabel = "NAME", description = "Name to search in.")
  private String name = "";

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR",
      description = "Folder of images, or data set with a gallery.")
  private String images = "";

  @Option(names = "--encoder", required = true, paramLabel = "NAME", description = "Encoder.")
  private String encoder = "";

  @Option(
      names = "--attributes",
      paramLabel = "FILE",
      description = "What is known of the images (default: DIR/attributes.csv if there is one).")
  private @Nullable String attributes;

  @Option(names = "--detach", description = "Do not wait until it is searchable.")
  private boolean detach;

  /** The command in its surroundings. */
  public GalleryCreateCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path folder = existingDirectory("--images", images);
    Path file = attributes == null ? null : existingFile("--attributes", attributes);
    CreateGalleryRequest.Builder request =
        CreateGalleryRequest.newBuilder()
            .setName(notBlank("NAME", name))
            .setImagesPath(folder.toString())
            .setEncoder(notBlank("--encoder", encoder));
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      allow(folder, output);
      if (file != null) {
        allow(folderOf(file), output);
        request.setAttributesPath(file.toString());
      }
      Gallery gallery =
          Platform.within(TIME, platform.galleries()).createGallery(request.build()).getGallery();
      if (!detach) {
        gallery = GalleryWork.follow(platform, gallery, progress);
      }
      output.result(GalleryText.sentence(gallery));
      GalleryText.notes(gallery).forEach(output::note);
      return GalleryText.json(gallery);
    }
  }
}
