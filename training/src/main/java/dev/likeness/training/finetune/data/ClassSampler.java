package dev.likeness.training.finetune.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Draws P classes and K images of each for every step (A. Hermans et al., 2017). An epoch shows as
 * many images as there are; classes and images are dealt from shuffled decks, so that none comes
 * again before all others did. An epoch's batches follow from seed and epoch alone.
 */
public final class ClassSampler implements Sampler {

  private final Map<Integer, int[]> classes;
  private final int perBatch;
  private final int images;
  private final int batches;
  private final long seed;

  /**
   * @param ordinals images to draw from, of at least 2 classes
   * @param classesPerBatch P, lowered to the classes there are
   * @param images K
   */
  public ClassSampler(int[] ordinals, int[] labels, int classesPerBatch, int images, long seed) {
    this.classes = new TreeMap<>(ImageSet.byClass(ordinals, labels));
    this.perBatch = Math.min(classesPerBatch, classes.size());
    this.images = images;
    this.batches = Math.max(1, Math.round((float) ordinals.length / (perBatch * images)));
    this.seed = seed;
  }

  @Override
  public int batchesPerEpoch() {
    return batches;
  }

  @Override
  public int batchSize() {
    return perBatch * images;
  }

  /** The images of a class are side by side. */
  @Override
  public List<int[]> epoch(int epoch) {
    SplittableRandom random = Randomness.of(seed, "sampler", epoch);
    Deck classDeck =
        new Deck(classes.keySet().stream().mapToInt(Integer::intValue).toArray(), random);
    Map<Integer, Deck> decks = new HashMap<>();
    classes.forEach((label, ordinals) -> decks.put(label, new Deck(ordinals.clone(), random)));
    List<int[]> drawn = new ArrayList<>();
    for (int batch = 0; batch < batches; batch++) {
      int[] ordinals = new int[batchSize()];
      int to = 0;
      for (int label : classDeck.distinct(perBatch)) {
        Deck deck = Objects.requireNonNull(decks.get(label));
        for (int i = 0; i < images; i++) {
          ordinals[to++] = deck.next();
        }
      }
      drawn.add(ordinals);
    }
    return drawn;
  }

  /** Deals in random order and shuffles again when all were dealt. */
  private static final class Deck {
    private final int[] cards;
    private final SplittableRandom random;
    private int next;

    Deck(int[] cards, SplittableRandom random) {
      this.cards = cards;
      this.random = random;
      Randomness.shuffle(cards, random);
    }

    int next() {
      if (next == cards.length) {
        Randomness.shuffle(cards, random);
        next = 0;
      }
      return cards[next++];
    }

    /** As many cards, all different; what is left of the deck is shuffled in if it does not do. */
    int[] distinct(int count) {
      if (next + count > cards.length) {
        Randomness.shuffle(cards, random);
        next = 0;
      }
      int[] dealt = new int[count];
      for (int i = 0; i < count; i++) {
        dealt[i] = cards[next++];
      }
      return dealt;
    }
  }
}
