package dev.likeness.training.finetune.failure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A fine-tuning that cannot be done; the message is for people and says how to repair it. */
public abstract sealed class FineTuneException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private FineTuneException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** Nothing can be told apart. */
  public static final class TooFewClasses extends FineTuneException {
    private static final long serialVersionUID = 1L;

    public TooFewClasses(int found, int needed) {
      super(
          "training needs images of at least %d classes, found %d; put each class in a folder of its own"
              .formatted(needed, found),
          null);
    }
  }

  /** A class without images. */
  public static final class EmptyClass extends FineTuneException {
    private static final long serialVersionUID = 1L;

    public EmptyClass(String className) {
      super(
          "class '%s' has no image that can be read; add images or remove the folder"
              .formatted(className),
          null);
    }
  }

  /** A class whose image has no partner. */
  public static final class SingleImageClass extends FineTuneException {
    private static final long serialVersionUID = 1L;

    public SingleImageClass(String className) {
      super(
          "class '%s' has one image; training needs at least two of each class"
              .formatted(className),
          null);
    }
  }

  /** Images are damaged, more of them than one can pass over. */
  public static final class UnreadableImages extends FineTuneException {
    private static final long serialVersionUID = 1L;

    /**
     * @param examples a few, with the reason of each
     */
    public UnreadableImages(int unreadable, int all, List<String> examples) {
      super(
          "%d of %d images cannot be read, such as %s; replace or remove them"
              .formatted(unreadable, all, String.join("; ", examples)),
          null);
    }
  }

  /** The loss became infinite or no number before anything was learned. */
  public static final class Diverged extends FineTuneException {
    private static final long serialVersionUID = 1L;

    public Diverged(int epoch, double learningRate) {
      super(
          "the loss is no number in epoch %d; lower the learning rate, which is %s"
              .formatted(epoch, learningRate),
          null);
    }
  }

  /** The network holds what cannot be trained. */
  public static final class UnsupportedNetwork extends FineTuneException {
    private static final long serialVersionUID = 1L;

    public UnsupportedNetwork(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** A checkpoint cannot be written; the one before it is whole. */
  public static final class CheckpointNotWritten extends FineTuneException {
    private static final long serialVersionUID = 1L;

    public CheckpointNotWritten(Path folder, IOException cause) {
      super(
          "the checkpoint cannot be written to %s (%s); free space there and run the job again, it goes on from the last whole checkpoint"
              .formatted(folder, cause.getMessage()),
          cause);
    }
  }

  /** The work folder holds the checkpoint of another task, or a damaged one only. */
  public static final class CheckpointNotUsable extends FineTuneException {
    private static final long serialVersionUID = 1L;

    public CheckpointNotUsable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
