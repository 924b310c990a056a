package dev.likeness.trainer.finetune;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.trainer.work.TrainingFailedException;
import dev.likeness.training.finetune.data.LabelledImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The training part of a data set: {@code training/<class>/image}, or {@code
 * training/<class>/<style>/image}.
 *
 * @param images with their class, and their style where there is a folder for it
 * @param classes names of all class folders, of empty ones too
 * @param hash SHA-256 over names, classes and bytes
 */
record ClassFolders(List<LabelledImage> images, Set<String> classes, String hash) {

  ClassFolders {
    images = List.copyOf(images);
    classes = Set.copyOf(classes);
  }

  static ClassFolders read(Path directory) throws TrainingFailedException {
    try {
      Path root = directory.toRealPath();
      List<ImageFile> files = DatasetLayout.readTraining(root);
      Path training =
          Files.isDirectory(root.resolve("training"))
              ? root.resolve("training")
              : root.resolve("train");
      requireSome(files, root);
      List<LabelledImage> images = new ArrayList<>();
      for (ImageFile file : files) {
        images.add(labelled(file, training));
      }
      String hash = new Dataset(root, List.of(), List.of(), files).hash();
      return new ClassFolders(images, classes(training), hash);
    } catch (DatasetException e) {
      throw new TrainingFailedException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new TrainingFailedException(
          "the data set '%s' cannot be read: %s".formatted(directory, e.getMessage()), e);
    }
  }

  private static void requireSome(List<ImageFile> files, Path root) throws TrainingFailedException {
    if (files.isEmpty()) {
      throw new TrainingFailedException(
          "'%s' has no training images; put them into '%s/training/<class>/' (%s)"
              .formatted(root, root, String.join(", ", DatasetLayout.IMAGE_EXTENSIONS)));
    }
  }

  private static LabelledImage labelled(ImageFile file, Path training)
      throws TrainingFailedException {
    String className = file.className();
    if (className == null) {
      throw new TrainingFailedException(
          "'%s' lies in no class folder; move it to '%s/<class>/'"
              .formatted(file.path(), training));
    }
    return new LabelledImage(file.path(), className, style(file.path(), training));
  }

  private static @Nullable String style(Path image, Path training) {
    Path below = training.relativize(image);
    return below.getNameCount() > 2 ? below.getName(1).toString() : null;
  }

  private static Set<String> classes(Path training) throws IOException {
    try (Stream<Path> entries = Files.list(training)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .collect(TreeSet::new, Set::add, Set::addAll);
    }
  }
}
