package dev.likeness.cli.command;

import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.gateway.v1.Gallery;
import dev.likeness.gateway.v1.GetGalleryRequest;
import java.time.Duration;

/** Follows a gallery until it is searched as it was asked for. */
final class GalleryWork {
  private static final Duration TIME = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private GalleryWork() {}

  /** Progress or not, a gallery that stands still for long is in trouble. */
  static Gallery follow(Platform platform, Gallery first, Progress progress) {
    Gallery gallery = first;
    long done = -1;
    long since = System.nanoTime();
    while (!isDone(gallery, first.getRevision())) {
      long now = gallery.getBuilding().getImageCount() + gallery.getBuilding().getLeftOutCount();
      if (now != done) {
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

  private static boolean isDone(Gallery gallery, long revision) {
    return gallery.hasServing() && gallery.getServing().getRevision() >= revision;
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
