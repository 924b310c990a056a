package dev.likeness.training.finetune.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Pairs of images of one class, of different styles where styles are known, for losses between
 * styles. All pairs of a batch are of different classes; their first images come first.
 */
public final class StylePairSampler implements Sampler {

  private final ImageSet set;
  private final Map<Integer, int[]> classes;
  private final int pairs;
  private final int batches;
  private final long seed;

  /**
   * @param ordinals images to draw from
   * @param pairs of a batch, lowered to the classes there are
   */
  public StylePairSampler(ImageSet set, int[] ordinals, int pairs, long seed) {
    this.set = set;
    this.classes = new TreeMap<>(ImageSet.byClass(ordinals, set.labels()));
    this.pairs = Math.min(pairs, classes.size());
    this.batches = Math.max(1, Math.round((float) ordinals.length / (2 * this.pairs)));
    this.seed = seed;
  }

  @Override
  public int batchesPerEpoch() {
    return batches;
  }

  @Override
  public int batchSize() {
    return 2 * pairs;
  }

  @Override
  public List<int[]> epoch(int epoch) {
    SplittableRandom random = Randomness.of(seed, "pairs", epoch);
    int[] labels = classes.keySet().stream().mapToInt(Integer::intValue).toArray();
    List<int[]> drawn = new ArrayList<>();
    for (int batch = 0; batch < batches; batch++) {
      Randomness.shuffle(labels, random);
      int[] ordinals = new int[batchSize()];
      for (int pair = 0; pair < pairs; pair++) {
        int[] images = Objects.requireNonNull(classes.get(labels[pair]));
        int first = images[random.nextInt(images.length)];
        ordinals[pair] = first;
        ordinals[pairs + pair] = partner(first, images, random);
      }
      drawn.add(ordinals);
    }
    return drawn;
  }

  /** Of another style if there is one, else another image, else the image itself. */
  private int partner(int first, int[] images, SplittableRandom random) {
    String style = set.images().get(first).style();
    int[] others =
        Arrays.stream(images)
            .filter(image -> !Objects.equals(set.images().get(image).style(), style))
            .toArray();
    if (others.length == 0) {
      others = Arrays.stream(images).filter(image -> image != first).toArray();
    }
    return others.length == 0 ? first : others[random.nextInt(others.length)];
  }
}
