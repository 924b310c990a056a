package dev.likeness.index.rerank;

import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Database-side augmentation (Turcot and Lowe, 2009, with the weights of Radenović, Tolias and
 * Chum, 2018): each stored vector moves towards its nearest neighbors among the others, {@code x' =
 * normalise(x + Σ max(x·y, 0)^alpha y)}, so that what a query meets is less of one image and more
 * of what it shows.
 *
 * @param n neighbors that a vector moves towards, 1 to 100
 * @param alpha how much nearer ones count for more, 0 to 20; 0 counts all the same
 */
public record Augmentation(int n, double alpha) {

  /** As for queries. */
  public static final Augmentation DEFAULT =
      new Augmentation(QueryExpansion.DEFAULT.n(), QueryExpansion.DEFAULT.alpha());

  /** Vectors that are augmented, and handed on, together. */
  private static final int BATCH = 500;

  public Augmentation {
    Reranking.requireWithin("n", n, 1, 100);
    Reranking.requireWithin("alpha", alpha, 0, 20);
  }

  /**
   * Augments every vector; payloads stay.
   *
   * @param gallery vectors of length 1
   * @param abandoned asked now and then; true ends it early
   * @param consumer receives batches, in the order of storing
   * @throws dev.likeness.index.error.SearchAbandonedException if {@code abandoned} says so
   * @throws dev.likeness.index.error.SearchQueueFullException if too many searches wait
   */
  public void apply(
      SearchableVectors gallery, BooleanSupplier abandoned, Consumer<List<VectorChange>> consumer) {
    List<VectorChange.Put> batch = new ArrayList<>();
    gallery.forEach(
        put -> {
          batch.add(put);
          if (batch.size() == BATCH) {
            consumer.accept(augmented(batch, gallery, abandoned));
            batch.clear();
          }
        });
    if (!batch.isEmpty()) {
      consumer.accept(augmented(batch, gallery, abandoned));
    }
  }

  private List<VectorChange> augmented(
      List<VectorChange.Put> batch, SearchableVectors gallery, BooleanSupplier abandoned) {
    List<Query> queries =
        batch.stream().<Query>map(put -> new Query.OfValues(put.values())).toList();
    var answers = gallery.search(new SearchRequest(queries, n + 1, abandoned)).answers();
    Set<VectorId> ids =
        answers.stream()
            .flatMap(answer -> answer.neighbors().stream())
            .map(Neighbor::id)
            .collect(Collectors.toSet());
    Map<VectorId, VectorChange.Put> stored = gallery.find(ids);
    List<VectorChange> augmented = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      VectorChange.Put put = batch.get(i);
      List<Neighbor> others =
          answers.get(i).neighbors().stream()
              .filter(neighbor -> !neighbor.id().equals(put.id()))
              .limit(n)
              .toList();
      float[] values = WeightedSum.of(put.values(), others, stored, alpha);
      augmented.add(new VectorChange.Put(put.id(), put.payload(), values));
    }
    return augmented;
  }
}
