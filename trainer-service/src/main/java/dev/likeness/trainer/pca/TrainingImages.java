package dev.likeness.trainer.pca;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.trainer.work.TrainingFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * The training images of a data set.
 *
 * @param root the data set's folder
 * @param images sorted by class and name
 */
record TrainingImages(Path root, List<ImageFile> images) {

  TrainingImages {
    images = List.copyOf(images);
  }

  static TrainingImages read(Path root) throws TrainingFailedException {
    try {
      List<ImageFile> images = DatasetLayout.readTraining(root);
      if (images.size() < PcaSettings.SMALLEST_IMAGE_COUNT) {
        throw new TrainingFailedException(
            "'%s' has %d training images, fitting needs at least %d; put them into '%s/training/<class>/' (%s)"
                .formatted(
                    root,
                    images.size(),
                    PcaSettings.SMALLEST_IMAGE_COUNT,
                    root,
                    String.join(", ", DatasetLayout.IMAGE_EXTENSIONS)));
      }
      return new TrainingImages(root, images);
    } catch (DatasetException e) {
      throw new TrainingFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  /** SHA-256 over names, classes and bytes of all training images. */
  String hash() throws TrainingFailedException {
    try {
      return new Dataset(root, List.of(), List.of(), images).hash();
    } catch (DatasetException e) {
      throw new TrainingFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  /** At most so many of them, drawn evenly with a seed, in the order of the whole. */
  List<ImageFile> sample(int count, long seed) {
    if (images.size() <= count) {
      return images;
    }
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      ordinals.add(i);
    }
    Collections.shuffle(ordinals, new Random(seed));
    return ordinals.subList(0, count).stream()
        .sorted(Comparator.naturalOrder())
        .map(images::get)
        .toList();
  }
}
