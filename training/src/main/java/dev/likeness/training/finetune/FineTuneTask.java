package dev.likeness.training.finetune;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.training.finetune.data.LabelledImage;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What to fine-tune on what.
 *
 * @param base the encoder to start from
 * @param images in any order; they are sorted by path
 * @param classes all classes there should be; one without images is an error
 * @param workFolder for checkpoints; made if absent. A task that is run again with the same folder
 *     goes on from there
 * @param spec what to do
 * @param name of the encoder to publish
 * @param jobId the result is published once under it
 * @param datasetHash SHA-256 of the training set, hexadecimal
 */
public record FineTuneTask(
    ModelPackage base,
    List<LabelledImage> images,
    Set<String> classes,
    Path workFolder,
    FineTuneSpec spec,
    EncoderName name,
    String jobId,
    String datasetHash) {

  public FineTuneTask {
    images = List.copyOf(images);
    classes = Set.copyOf(classes);
    for (LabelledImage image : images) {
      if (!classes.contains(image.className())) {
        throw new IllegalArgumentException(
            "class '%s' of %s is not among the classes %s"
                .formatted(image.className(), image.path(), new TreeSet<>(classes)));
      }
    }
  }
}
