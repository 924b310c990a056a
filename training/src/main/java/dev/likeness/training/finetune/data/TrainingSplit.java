package dev.likeness.training.finetune.data;

import dev.likeness.training.finetune.failure.FineTuneException;
import dev.likeness.training.finetune.spec.ValidationSplit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Which images are trained on and which are held out. The arrays are shared, read only. */
public final class TrainingSplit {

  /** An image asks, another answers. */
  private static final int SMALLEST_HELD_OUT = 2;

  private final int[] training;
  private final int[] validation;
  private final List<String> notes;

  private TrainingSplit(List<Integer> training, List<Integer> validation, List<String> notes) {
    this.training = sorted(training);
    this.validation = sorted(validation);
    this.notes = List.copyOf(notes);
  }

  /**
   * @param usable ordinals of the images that can be read
   * @throws FineTuneException.EmptyClass if no image of a class is usable
   * @throws FineTuneException.TooFewClasses if nothing can be held out without leaving less than
   *     two classes to train on
   * @throws FineTuneException.SingleImageClass if a class has one image
   */
  public static TrainingSplit of(ImageSet set, int[] usable, ValidationSplit wanted, long seed) {
    Map<Integer, int[]> classes = new TreeMap<>(ImageSet.byClass(usable, set.labels()));
    for (int label = 0; label < set.classNames().size(); label++) {
      if (!classes.containsKey(label)) {
        throw new FineTuneException.EmptyClass(set.classNames().get(label));
      }
    }
    if (classes.size() < 2) {
      throw new FineTuneException.TooFewClasses(classes.size(), 2);
    }
    classes.forEach(
        (label, images) -> {
          if (images.length < 2) {
            throw new FineTuneException.SingleImageClass(set.classNames().get(label));
          }
        });
    SplittableRandom random = Randomness.of(seed, "split");
    classes.values().forEach(images -> Randomness.shuffle(images, random));
    if (wanted.by() == ValidationSplit.By.CLASS) {
      return byClass(classes, wanted.share(), random, List.of());
    }
    boolean enough =
        classes.values().stream().anyMatch(images -> images.length >= 2 * SMALLEST_HELD_OUT);
    return enough
        ? byImage(classes, wanted.share())
        : byClass(
            classes,
            wanted.share(),
            random,
            List.of("no class has 4 images, so whole classes are held out for validation"));
  }

  public int[] training() {
    return training;
  }

  public int[] validation() {
    return validation;
  }

  /** Sentences for people. */
  public List<String> notes() {
    return notes;
  }

  private static TrainingSplit byImage(Map<Integer, int[]> classes, double share) {
    List<Integer> training = new ArrayList<>();
    List<Integer> validation = new ArrayList<>();
    int spared = 0;
    for (int[] images : classes.values()) {
      int most = images.length - SMALLEST_HELD_OUT;
      int held =
          most < SMALLEST_HELD_OUT
              ? 0
              : Math.clamp(Math.round(share * images.length), SMALLEST_HELD_OUT, most);
      spared += held == 0 ? 1 : 0;
      for (int i = 0; i < images.length; i++) {
        (i < held ? validation : training).add(images[i]);
      }
    }
    return new TrainingSplit(
        training,
        validation,
        spared == 0
            ? List.of()
            : List.of(
                "%d classes have fewer than 4 images; none of theirs are held out for validation"
                    .formatted(spared)));
  }

  private static TrainingSplit byClass(
      Map<Integer, int[]> classes, double share, SplittableRandom random, List<String> notes) {
    if (classes.size() < 2 + SMALLEST_HELD_OUT) {
      throw new FineTuneException.TooFewClasses(classes.size(), 2 + SMALLEST_HELD_OUT);
    }
    int[] order = classes.keySet().stream().mapToInt(Integer::intValue).toArray();
    Randomness.shuffle(order, random);
    int held = Math.clamp(Math.round(share * order.length), SMALLEST_HELD_OUT, order.length - 2);
    List<Integer> training = new ArrayList<>();
    List<Integer> validation = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      for (int image : classes.getOrDefault(order[i], new int[0])) {
        (i < held ? validation : training).add(image);
      }
    }
    return new TrainingSplit(training, validation, notes);
  }

  private static int[] sorted(List<Integer> ordinals) {
    int[] values = ordinals.stream().mapToInt(Integer::intValue).toArray();
    Arrays.sort(values);
    return values;
  }
}
