package dev.likeness.evaluation.report;

import dev.likeness.evaluation.dataset.ImageFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The small pictures of a report: each image once, however often it is shown. */
final class Thumbnails {
  private final Map<Path, Integer> indexByPath = new HashMap<>();
  private final List<String> dataUris = new ArrayList<>();
  private final int wanted;
  private final int unreadable;

  /** A side of the data set, by name. */
  static Map<String, Path> byName(List<ImageFile> images) {
    Map<String, Path> paths = new LinkedHashMap<>();
    images.forEach(image -> paths.put(image.name(), image.path()));
    return paths;
  }

  /**
   * @param paths images in the order in which they are shown; repetitions are fine
   */
  Thumbnails(SequencedSet<Path> paths, ReportOptions options) {
    List<Path> shown = new LinkedHashSet<>(paths).stream().limit(options.maxThumbnails()).toList();
    String[] pictures = new String[shown.size()];
    IntStream.range(0, shown.size())
        .parallel()
        .forEach(
            i -> pictures[i] = Thumbnail.of(shown.get(i), options.thumbnailPixels()).orElse(""));
    for (int i = 0; i < pictures.length; i++) {
      if (!pictures[i].isEmpty()) {
        indexByPath.put(shown.get(i), dataUris.size());
        dataUris.add(pictures[i]);
      }
    }
    this.wanted = paths.size();
    this.unreadable = shown.size() - dataUris.size();
  }

  /** Place of an image among {@link #dataUris()}; null when it has no picture. */
  @Nullable Integer indexOf(@Nullable Path path) {
    return path == null ? null : indexByPath.get(path);
  }

  List<String> dataUris() {
    return dataUris;
  }

  /** How many different images the report names. */
  int wanted() {
    return wanted;
  }

  /** How many images were looked at and cannot be shown. */
  int unreadable() {
    return unreadable;
  }
}
