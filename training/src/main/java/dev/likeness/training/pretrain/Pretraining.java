package dev.likeness.training.pretrain;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.sample.SampleDataset;
import dev.likeness.training.finetune.FineTuneOutcome;
import dev.likeness.training.finetune.FineTuneTask;
import dev.likeness.training.finetune.FineTuning;
import dev.likeness.training.finetune.StopSignal;
import dev.likeness.training.finetune.data.LabelledImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Trains the built-in encoder from a seeded start on drawn images. */
final class Pretraining {

  private final Path folder;
  private final Recipe recipe;
  private final int threads;

  /**
   * @param folder for images and checkpoints; what is there already is used
   */
  Pretraining(Path folder, Recipe recipe, int threads) {
    this.folder = folder;
    this.recipe = recipe;
    this.threads = threads;
  }

  FineTuneOutcome.Finished run(Narration narration) throws IOException {
    Files.createDirectories(folder);
    Path images = folder.resolve("images");
    SampleDataset.draw(images, recipe.images(), narration);
    Dataset dataset = DatasetLayout.read(images);
    ModelPackage start =
        LikenessMini.publishTo(ModelStore.open(folder.resolve("models")), recipe.seed());
    FineTuneTask task =
        new FineTuneTask(
            start,
            dataset.training().stream()
                .map(
                    image ->
                        new LabelledImage(image.path(), Objects.requireNonNull(image.className())))
                .toList(),
            dataset.trainingClasses(),
            folder.resolve("checkpoints"),
            recipe.training(threads),
            LikenessMini.NAME,
            "pretraining",
            dataset.hash());
    return (FineTuneOutcome.Finished) FineTuning.run(task, narration, StopSignal.NEVER);
  }
}
