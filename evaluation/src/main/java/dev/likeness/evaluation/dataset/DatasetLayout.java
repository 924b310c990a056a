package dev.likeness.evaluation.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder layouts that are understood: {@code test/query}, {@code test/gallery} and {@code
 * training/<class>}, or flat {@code query}, {@code gallery} and {@code train}. Query and gallery
 * may have class folders too.
 */
public final class DatasetLayout {
  /** File name endings of images, lower case; a file's own ending may have any case. */
  public static final List<String> IMAGE_EXTENSIONS =
      List.of("jpg", "jpeg", "png", "bmp", "gif", "webp");

  private static final Comparator<ImageFile> BY_NAME =
      Comparator.comparing(ImageFile::name).thenComparing(image -> image.path().toString());
  private static final Comparator<ImageFile> BY_CLASS_AND_NAME =
      Comparator.comparing((ImageFile image) -> image.className() == null ? "" : image.className())
          .thenComparing(BY_NAME);

  private DatasetLayout() {}

  /**
   * Reads the names of all images under a folder; no image is opened.
   *
   * @param directory the data set's folder; may itself be a link
   * @throws DatasetException if a folder or its images are missing, two images of query or of
   *     gallery share a name, a link leaves the folder, or something cannot be read
   */
  public static Dataset read(Path directory) {
    Path root = realDirectory(directory);
    Path queryFolder = required(root, "query");
    Path galleryFolder = required(root, "gallery");
    FolderScan query = FolderScan.of(root, queryFolder);
    FolderScan gallery = FolderScan.of(root, galleryFolder);
    if (query.images().isEmpty()) {
      throw new DatasetException.EmptyQuery(queryFolder, query.otherFiles());
    }
    if (gallery.images().isEmpty()) {
      throw new DatasetException.EmptyGallery(galleryFolder, gallery.otherFiles());
    }
    return new Dataset(
        root,
        uniqueByName("query", query.images()),
        uniqueByName("gallery", gallery.images()),
        training(root));
  }

  /**
   * Reads only the training images, for folders that have no queries.
   *
   * @param directory the data set's folder
   * @return the images sorted by class and name; empty when there is no training folder
   * @throws DatasetException if the folder is missing, a link leaves it, or something cannot be
   *     read
   */
  public static List<ImageFile> readTraining(Path directory) {
    return training(realDirectory(directory));
  }

  /**
   * Reads only the gallery images; of a folder that has no gallery, all images in it.
   *
   * @param directory the data set's folder, or one of images
   * @return the images sorted by name, at least one
   * @throws DatasetException if the folder is missing or has no images, two images share a name, a
   *     link leaves the folder, or something cannot be read
   */
  public static List<ImageFile> readGallery(Path directory) {
    Path root = realDirectory(directory);
    Path folder = firstFolder(root, "test/gallery", "gallery").orElse(root);
    FolderScan gallery = FolderScan.of(root, folder);
    if (gallery.images().isEmpty()) {
      throw new DatasetException.EmptyGallery(folder, gallery.otherFiles());
    }
    return uniqueByName("gallery", gallery.images());
  }

  static boolean isImage(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return dot > 0
        && IMAGE_EXTENSIONS.stream()
            .anyMatch(extension -> extension.equalsIgnoreCase(fileName.substring(dot + 1)));
  }

  private static List<ImageFile> training(Path root) {
    return firstFolder(root, "training", "train").stream()
        .flatMap(folder -> FolderScan.of(root, folder).images().stream())
        .sorted(BY_CLASS_AND_NAME)
        .toList();
  }

  private static Path realDirectory(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new DatasetException.MissingDirectory(directory);
    }
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      throw new DatasetException.Unreadable(directory, e);
    }
  }

  private static Path required(Path root, String part) {
    return firstFolder(root, "test/" + part, part)
        .orElseThrow(() -> new DatasetException.MissingPart(root, part));
  }

  private static Optional<Path> firstFolder(Path root, String... candidates) {
    return Stream.of(candidates).map(root::resolve).filter(Files::isDirectory).findFirst();
  }

  private static List<ImageFile> uniqueByName(String part, List<ImageFile> images) {
    Map<String, Path> seen = new HashMap<>();
    List<ImageFile> sorted = images.stream().sorted(BY_NAME).toList();
    for (ImageFile image : sorted) {
      Path first = seen.putIfAbsent(image.name(), image.path());
      if (first != null) {
        throw new DatasetException.DuplicateName(part, first, image.path());
      }
    }
    return sorted;
  }
}
