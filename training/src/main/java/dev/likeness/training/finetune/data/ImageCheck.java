package dev.likeness.training.finetune.data;

import dev.likeness.encoders.image.ImageDecodeException;
import dev.likeness.training.finetune.failure.FineTuneException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.DoubleConsumer;

/**
 * Decodes every image once, before anything is trained: damaged ones are found, and the loader's
 * memory is filled.
 *
 * @param unreadable ordinals that cannot be used
 * @param notes sentences for people
 */
public record ImageCheck(Set<Integer> unreadable, List<String> notes) {

  /** More than this share is no accident but a wrong folder or a failed copy. */
  private static final double MOST_UNREADABLE = 0.1;

  private static final int EXAMPLES = 3;

  public ImageCheck {
    unreadable = Set.copyOf(unreadable);
    notes = List.copyOf(notes);
  }

  /**
   * @param progress is told the share that is done
   * @throws FineTuneException.UnreadableImages if more than a tenth of all cannot be read
   */
  public static ImageCheck of(ImageLoader loader, ExecutorService threads, DoubleConsumer progress)
      throws InterruptedException {
    int count = loader.set().size();
    List<Future<Optional<String>>> checks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int ordinal = i;
      checks.add(threads.submit(() -> problem(loader, ordinal)));
    }
    Set<Integer> unreadable = new TreeSet<>();
    List<String> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Optional<String> problem = result(checks.get(i));
      if (problem.isPresent()) {
        unreadable.add(i);
        if (examples.size() < EXAMPLES) {
          examples.add(problem.get());
        }
      }
      progress.accept((i + 1.0) / count);
    }
    if (unreadable.size() > MOST_UNREADABLE * count) {
      throw new FineTuneException.UnreadableImages(unreadable.size(), count, examples);
    }
    return new ImageCheck(
        unreadable,
        unreadable.isEmpty()
            ? List.of()
            : List.of(
                "%d of %d images cannot be read and are passed over, such as %s"
                    .formatted(unreadable.size(), count, String.join("; ", examples))));
  }

  private static Optional<String> problem(ImageLoader loader, int ordinal) {
    String file = String.valueOf(loader.set().images().get(ordinal).path().getFileName());
    try {
      loader.load(ordinal);
      return Optional.empty();
    } catch (ImageDecodeException | UncheckedIOException damaged) {
      return Optional.of("%s: %s".formatted(file, damaged.getMessage()));
    }
  }

  private static Optional<String> result(Future<Optional<String>> check)
      throws InterruptedException {
    try {
      return check.get();
    } catch (ExecutionException failed) {
      throw new IllegalStateException("an image check fails", failed.getCause());
    }
  }
}
