package dev.likeness.trainer.dataset;

import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.trainer.dataset.ImageStamps.ImageFact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the training part of a data set holds at one moment.
 *
 * @param images how many
 * @param stamps which; null if that is not known, or too much to keep
 */
public record DatasetContents(long images, @Nullable ImageStamps stamps) {

  /** Images of larger data sets are counted only: 500,000 stamps are 8 MB. */
  public static final int MOST_STAMPS = 500_000;

  /** Of which only the number is known. */
  public static DatasetContents counted(long images) {
    return new DatasetContents(images, null);
  }

  /**
   * Looks into a folder.
   *
   * @throws DatasetException if there is none, or something in it cannot be read
   */
  public static DatasetContents read(Path directory) {
    List<ImageFile> images = DatasetLayout.readTraining(directory);
    if (images.size() > MOST_STAMPS) {
      return counted(images.size());
    }
    try {
      Path root = directory.toRealPath();
      List<ImageFact> facts = new ArrayList<>(images.size());
      for (ImageFile image : images) {
        try {
          facts.add(fact(root, image));
        } catch (NoSuchFileException deletedMeanwhile) {
          // It is gone, as if it had been deleted before.
        }
      }
      return new DatasetContents(facts.size(), ImageStamps.of(facts));
    } catch (IOException e) {
      throw new DatasetException.Unreadable(directory, e);
    }
  }

  private static ImageFact fact(Path root, ImageFile image) throws IOException {
    BasicFileAttributes file = Files.readAttributes(image.path(), BasicFileAttributes.class);
    return new ImageFact(
        root.relativize(image.path()).toString(),
        image.name(),
        file.size(),
        file.lastModifiedTime().toMillis());
  }

  /** How many images are another than before; null where only numbers are known. */
  public @Nullable Long changesSince(@Nullable ImageStamps before) {
    return stamps == null || before == null ? null : (Long) stamps.changesSince(before);
  }
}
