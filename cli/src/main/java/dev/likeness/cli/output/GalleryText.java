package dev.likeness.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.v1.Gallery;
import dev.likeness.gateway.v1.GalleryAttributes;
import dev.likeness.gateway.v1.GalleryGeneration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

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
    if (gallery.getServing().hasAttributes()) {
      text.append(", ").append(attributes(gallery.getServing().getAttributes()));
    }
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

  private static String attributes(GalleryAttributes attributes) {
    return "%d with attributes (%s)"
        .formatted(
            attributes.getDescribedCount(),
            attributes.getColumnsList().stream()
                .map(column -> column.getName() + ": " + column.getKind())
                .collect(Collectors.joining(", ")));
  }

  /** What a person should know about the file of attributes. */
  public static List<String> notes(Gallery gallery) {
    List<String> notes = new ArrayList<>();
    GalleryAttributes attributes = gallery.getServing().getAttributes();
    if (attributes.getUndescribedCount() > 0 && gallery.getServing().hasAttributes()) {
      notes.add(
          "Images without a line in the file of attributes: %d (%s)."
              .formatted(
                  attributes.getUndescribedCount(),
                  first(attributes.getUndescribedNamesList(), attributes.getUndescribedCount())));
    }
    if (attributes.getUnknownCount() > 0) {
      notes.add(
          "Lines in the file of attributes that name no image of the gallery: %d (%s)."
              .formatted(
                  attributes.getUnknownCount(),
                  first(attributes.getUnknownNamesList(), attributes.getUnknownCount())));
    }
    return notes;
  }

  private static String first(List<String> names, long count) {
    return String.join(", ", names) + (names.size() < count ? ", …" : "");
  }

  /** A gallery, for programs. */
  public static ObjectNode json(Gallery gallery) {
    ObjectNode json = JsonDocument.object();
    json.put("gallery", gallery.getName());
    json.put("images_path", gallery.getImagesPath());
    json.put("encoder", gallery.getEncoder());
    json.put(
        "attributes_path",
        gallery.getAttributesPath().isEmpty() ? null : gallery.getAttributesPath());
    json.put("revision", gallery.getRevision());
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
    ObjectNode made = json.putObject(field);
    made.put("collection", generation.getCollection())
        .put("version", generation.getEncoderVersion())
        .put("images", generation.getImageCount())
        .put("left_out", generation.getLeftOutCount())
        .put("total", generation.getTotalCount())
        .put("revision", generation.getRevision());
    if (generation.hasAttributes()) {
      put(made.putObject("attributes"), generation.getAttributes());
    } else {
      made.putNull("attributes");
    }
  }

  private static void put(ObjectNode json, GalleryAttributes attributes) {
    ObjectNode columns = json.putObject("columns");
    attributes.getColumnsList().forEach(column -> columns.put(column.getName(), column.getKind()));
    json.put("described", attributes.getDescribedCount())
        .put("undescribed", attributes.getUndescribedCount())
        .put("unknown", attributes.getUnknownCount());
    attributes.getUndescribedNamesList().forEach(json.putArray("undescribed_names")::add);
    attributes.getUnknownNamesList().forEach(json.putArray("unknown_names")::add);
  }
}
