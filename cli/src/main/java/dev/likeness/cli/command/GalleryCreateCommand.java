package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.GalleryText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.gateway.v1.CreateGalleryRequest;
import dev.likeness.gateway.v1.Gallery;
import dev.likeness.gateway.v1.GetGalleryRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a folder of images searchable under a name that follows its encoder. */
@Command(
    name = "create",
    description = "Keep the images of a folder searchable under a name, whatever version serves.")
public final class GalleryCreateCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

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

  @Option(names = "--detach", description = "Do not wait until it is searchable.")
  private boolean detach;

  /** The command in its surroundings. */
  public GalleryCreateCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path folder = existingDirectory("--images", images);
    CreateGalleryRequest request =
        CreateGalleryRequest.newBuilder()
            .setName(notBlank("NAME", name))
            .setImagesPath(folder.toString())
            .setEncoder(notBlank("--encoder", encoder))
            .build();
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      allow(folder, output);
      Gallery gallery =
          Platform.within(TIME, platform.galleries()).createGallery(request).getGallery();
      if (!detach) {
        gallery = waitUntilSearchable(platform, gallery, progress);
      }
      output.result(GalleryText.sentence(gallery));
      return GalleryText.json(gallery);
    }
  }

  /** Progress or not, a gallery that stands still for long is in trouble. */
  private static Gallery waitUntilSearchable(Platform platform, Gallery first, Progress progress) {
    Gallery gallery = first;
    long done = -1;
    long since = System.nanoTime();
    while (!gallery.hasServing()) {
      long now = gallery.getBuilding().getImageCount() + gallery.getBuilding().getLeftOutCount();
      if (now > done) {
        done = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
        throw CommandFailure.failed(
            "GALLERY_WAITS",
            "gallery %s does not get on: %s".formatted(gallery.getName(), gallery.getTrouble()));
      }
      progress.show("gallery images", now, gallery.getBuilding().getTotalCount());
      pause();
      gallery =
          Platform.within(TIME, platform.galleries())
              .getGallery(GetGalleryRequest.newBuilder().setName(gallery.getName()).build())
              .getGallery();
    }
    return gallery;
  }

  private static void pause() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("INTERRUPTED", "interrupted; the gallery goes on being made");
    }
  }
}
