package dev.likeness.cli.command;

import dev.likeness.cli.output.CommandFailure;
import dev.likeness.trainer.v1.FineTuneMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to fine-tune; what is not given gets the service's defaults. */
final class FineTuneOptions {
  private static final List<String> LOSSES =
      List.of("ce", "supcon", "ce+supcon", "infonce", "triplet", "arcface");
  private static final int MOST = 100_000;
  private static final int LARGEST_BATCH = 4096;
  private static final int USUAL_IMAGES = 4;
  private static final int FEW_IMAGES = 2;
  private static final int USUAL_BATCH = 16;

  @Option(
      names = "--train",
      paramLabel = "PART",
      description = "head, last:N (the last N blocks, too) or all (default head).")
  private @Nullable String train;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description = "ce, supcon, ce+supcon (default), infonce, triplet or arcface.")
  private @Nullable String loss;

  @Option(
      names = "--epochs",
      paramLabel = "E",
      description = "Passes over the training images (default 30 for head, else 20).")
  private @Nullable Integer epochs;

  @Option(
      names = "--head-epochs",
      paramLabel = "E",
      description = "Passes of the head alone before a wider part (default 10).")
  private @Nullable Integer headEpochs;

  @Option(
      names = "--lr",
      paramLabel = "X",
      description = "Highest learning rate of the head (default 0.05).")
  private @Nullable Double learningRate;

  @Option(
      names = "--batch",
      paramLabel = "B|PxK",
      description = "Images in a batch, or classes x images of each (default 8x4).")
  private @Nullable String batch;

  @Option(
      names = "--dimension",
      paramLabel = "D",
      description = "Length of the vectors, 0 for the network's own (default 512).")
  private @Nullable Integer dimension;

  @Option(
      names = "--hold-out",
      paramLabel = "BY",
      description = "Hold out image (some of every class, default) or class (whole classes).")
  private @Nullable String holdOut;

  @Option(
      names = "--dropout",
      paramLabel = "X",
      description = "Share of the vector's values left out before the classifier (default 0).")
  private @Nullable Double dropout;

  @Option(
      names = "--stochastic-depth",
      paramLabel = "X",
      description = "Share of images without the last residual branch, earlier less (default 0).")
  private @Nullable Double stochasticDepth;

  @Option(names = "--no-augmentation", description = "Train on the images as they are served.")
  private boolean plain;

  @Option(names = "--device", paramLabel = "D", description = "auto (default), cpu or cuda.")
  private @Nullable String device;

  /** The method, as far as it was given. */
  FineTuneMethod method() {
    FineTuneMethod.Builder method = FineTuneMethod.newBuilder();
    if (train != null) {
      if (!train.matches("head|all|last:[1-9][0-9]{0,3}")) {
        throw CommandFailure.usage("--train must be head, last:N or all, not '" + train + "'");
      }
      method.setTrain(train);
    }
    if (loss != null) {
      method.setLoss(LikenessCommand.oneOf("--loss", loss, LOSSES));
    }
    if (epochs != null) {
      method.setEpochs(LikenessCommand.between("--epochs", epochs, 1, MOST));
    }
    if (headEpochs != null) {
      method.setHeadEpochs(LikenessCommand.between("--head-epochs", headEpochs, 0, MOST));
    }
    if (learningRate != null) {
      if (!(learningRate > 0 && learningRate <= 1e6)) {
        throw CommandFailure.usage("--lr must be above 0, not " + learningRate);
      }
      method.setLearningRate(learningRate);
    }
    if (batch != null) {
      setBatch(method, batch);
    }
    if (dimension != null) {
      method.setProjectionDimension(
          LikenessCommand.between("--dimension", dimension, 0, LARGEST_BATCH));
    }
    if (holdOut != null) {
      method.setValidationBy(
          LikenessCommand.oneOf("--hold-out", holdOut, List.of("image", "class")));
    }
    if (dropout != null) {
      method.setDropout(share("--dropout", dropout));
    }
    if (stochasticDepth != null) {
      method.setStochasticDepth(share("--stochastic-depth", stochasticDepth));
    }
    if (plain) {
      method.setAugmentation(false);
    }
    if (device != null) {
      method.setDevice(LikenessCommand.oneOf("--device", device, List.of("auto", "cpu", "cuda")));
    }
    return method.build();
  }

  private static double share(String option, double given) {
    if (!(given >= 0 && given < 1)) {
      throw CommandFailure.usage("%s must be in [0, 1), not %s".formatted(option, given));
    }
    return given;
  }

  private static void setBatch(FineTuneMethod.Builder method, String given) {
    if (!given.matches("[1-9][0-9]{0,3}(x[1-9][0-9]{0,3})?")) {
      throw CommandFailure.usage(
          "--batch must be a number of images, or classes x images such as 8x4, not '"
              + given
              + "'");
    }
    String[] parts = given.split("x", -1);
    int first = Integer.parseInt(parts[0]);
    int images;
    int classes;
    if (parts.length > 1) {
      classes = first;
      images = Integer.parseInt(parts[1]);
    } else {
      images = first >= USUAL_BATCH ? USUAL_IMAGES : FEW_IMAGES;
      classes = first / images;
    }
    if (classes < 2 || images < 2 || classes * images > LARGEST_BATCH) {
      throw CommandFailure.usage(
          "--batch must hold at least 2 classes and 2 images of each, at most %d in all, not '%s'"
              .formatted(LARGEST_BATCH, given));
    }
    method.setClassesPerBatch(classes).setImagesPerClass(images);
  }
}
