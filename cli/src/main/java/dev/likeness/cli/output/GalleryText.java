package dev.likeness.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.v1.Gallery;
import dev.likeness.gateway.v1.GalleryGeneration;

/** Galleries as sentences and as JSON. */
public final class GalleryText {

  private GalleryText() {}

  /** A gallery and where it stands. */
  public static String sentence(Gallery gallery) {
    StringBuilder text = new StringBuilder(gallery.getName()).append(": ");
    text.append(
        gallery.hasServing()
            ? "%d images by %s/%d"
                .formatted(
                    gallery.getServing().getImageCount(),
                    gallery.getEncoder(),
                    gallery.getServing().getEncoderVersion())
            : "not searchable yet");
    if (gallery.hasBuilding()) {
      GalleryGeneration building = gallery.getBuilding();
      text.append(
          ", %d of %d made by version %d"
              .formatted(
                  building.getImageCount() + building.getLeftOutCount(),
                  building.getTotalCount(),
                  building.getEncoderVersion()));
    }
    if (gallery.hasPrevious()) {
      text.append(", version %d kept".formatted(gallery.getPrevious().getEncoderVersion()));
    }
    if (!gallery.getTrouble().isEmpty()) {
      text.append("; waiting: ").append(gallery.getTrouble());
    }
    return text.append(" (").append(gallery.getImagesPath()).append(")").toString();
  }

  /** A gallery, for programs. */
  public static ObjectNode json(Gallery gallery) {
    ObjectNode json = JsonDocument.object();
    json.put("gallery", gallery.getName());
    json.put("images_path", gallery.getImagesPath());
    json.put("encoder", gallery.getEncoder());
    put(json, "serving", gallery.hasServing(), gallery.getServing());
    put(json, "building", gallery.hasBuilding(), gallery.getBuilding());
    put(json, "previous", gallery.hasPrevious(), gallery.getPrevious());
    json.put("trouble", gallery.getTrouble().isEmpty() ? null : gallery.getTrouble());
    return json;
  }

  private static void put(
      ObjectNode json, String field, boolean there, GalleryGeneration generation) {
    if (!there) {
      json.putNull(field);
      return;
    }
    json.putObject(field)
        .put("collection", generation.getCollection())
        .put("version", generation.getEncoderVersion())
        .put("images", generation.getImageCount())
        .put("left_out", generation.getLeftOutCount())
        .put("total", generation.getTotalCount());
  }
}
