package dev.likeness.gateway.gallery;

import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.evaluation.truth.TruthRules;
import dev.likeness.gateway.attribute.AttributeTable;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of a gallery, each checked against the roots whenever it is read. */
final class GalleryFolder {

  /** The file of attributes that is found without being named. */
  static final String ATTRIBUTES = "attributes.csv";

  /**
   * What a gallery is made of.
   *
   * @param images sorted by name
   * @param descriptions what is known of each
   * @param report how the file of attributes fits; null if there is none
   */
  record Content(
      List<ImageFile> images, ImageDescriptions descriptions, @Nullable AttributeReport report) {}

  private final FileRoots roots;

  GalleryFolder(FileRoots roots) {
    this.roots = roots;
  }

  /** The real path of a client's path. */
  String resolve(String clientPath) throws PathOutsideRootsException {
    return roots.resolve(clientPath).toString();
  }

  /**
   * The file of attributes of a gallery.
   *
   * @param given as it was named; null to look for the usual one
   * @return null if none is named and none is there
   */
  @Nullable String attributesFile(String imagesPath, @Nullable String given)
      throws PathOutsideRootsException {
    Path usual = roots.resolve(imagesPath).resolve(ATTRIBUTES);
    if (given == null && !Files.exists(usual)) {
      return null;
    }
    return resolve(given == null ? usual.toString() : given);
  }

  /** Reads names, classes and attributes; no image is opened. */
  Content read(Gallery gallery) throws PathOutsideRootsException {
    Path root = roots.resolve(gallery.imagesPath());
    List<ImageFile> images = DatasetLayout.readGallery(root);
    String file = gallery.attributesPath();
    AttributeTable table =
        file == null ? AttributeTable.EMPTY : AttributeTable.read(roots.resolve(file));
    ImageDescriptions descriptions =
        new ImageDescriptions(root, table, TruthRules.galleryClasses(root, images));
    return new Content(images, descriptions, file == null ? null : descriptions.report(images));
  }
}
