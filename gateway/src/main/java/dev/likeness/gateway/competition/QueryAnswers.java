package dev.likeness.gateway.competition;

import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.gateway.peer.Embedding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers every query of a data set with k names. A query without a vector gets the gallery images
 * nearest to the mean of the other queries: on a gallery of mixed subjects the best guess there is.
 */
final class QueryAnswers {

  private final QueryVectors vectors;
  private final Ranking ranking;
  private final Ranking plainRanking;
  private final List<String> queries;
  private final List<String> gallery;
  private final Collection<String> galleryLeftOut;

  /**
   * @param vectors of the queries
   * @param ranking answers the queries that have a vector
   * @param plainRanking answers the mean in place of those that have none
   * @param queries names of all queries, sorted
   * @param gallery names of all gallery images, sorted
   * @param galleryLeftOut those without a vector, sorted
   */
  QueryAnswers(
      QueryVectors vectors,
      Ranking ranking,
      Ranking plainRanking,
      List<ImageFile> queries,
      List<ImageFile> gallery,
      Collection<String> galleryLeftOut) {
    this.vectors = vectors;
    this.ranking = ranking;
    this.plainRanking = plainRanking;
    this.queries = queries.stream().map(ImageFile::name).toList();
    this.gallery = gallery.stream().map(ImageFile::name).toList();
    this.galleryLeftOut = galleryLeftOut;
  }

  /**
   * Answers in the order of the queries.
   *
   * @param batch queries per request
   * @param progress told how many queries are done
   */
  SequencedMap<String, List<RankedName>> answer(
      int k, int batch, java.util.function.IntConsumer progress) throws InterruptedException {
    SequencedMap<String, List<RankedName>> answers = new LinkedHashMap<>();
    queries.forEach(name -> answers.put(name, List.of()));
    List<String> without = new ArrayList<>();
    SequencedMap<String, Embedding> open = new LinkedHashMap<>();
    int done = 0;
    for (List<String> names : Chunks.of(queries, batch)) {
      SequencedMap<String, Embedding> found = vectors.of(names);
      names.stream().filter(name -> !found.containsKey(name)).forEach(without::add);
      open.putAll(found);
      done += names.size();
      if (!ranking.needsAllTogether() || done == queries.size()) {
        rank(open, k, answers);
        open.clear();
        progress.accept(done);
      }
    }
    if (!without.isEmpty()) {
      List<RankedName> guess = fillUp(guess(k, batch), k);
      without.forEach(name -> answers.put(name, guess));
    }
    return answers;
  }

  private void rank(
      SequencedMap<String, Embedding> asked, int k, SequencedMap<String, List<RankedName>> answers)
      throws InterruptedException {
    List<List<RankedName>> rankings = ranking.rank(List.copyOf(asked.values()), k);
    int position = 0;
    for (String name : asked.keySet()) {
      answers.put(name, fillUp(rankings.get(position++), k));
    }
  }

  /** Names only: a similarity to the mean is none to the query. */
  private List<RankedName> guess(int k, int batch) throws InterruptedException {
    Optional<Embedding> mean = mean(batch);
    if (mean.isEmpty()) {
      return gallery.stream()
          .filter(name -> !galleryLeftOut.contains(name))
          .limit(k)
          .map(name -> new RankedName(name, null))
          .toList();
    }
    return plainRanking.rank(List.of(mean.get()), k).getFirst().stream()
        .map(ranked -> new RankedName(ranked.name(), null))
        .toList();
  }

  /** The normalised mean of all query vectors, summed in the order of their names. */
  private Optional<Embedding> mean(int batch) throws InterruptedException {
    double @Nullable [] sum = null;
    for (List<String> names : Chunks.of(queries, batch)) {
      for (Map.Entry<String, Embedding> entry : vectors.of(names).entrySet()) {
        Embedding vector = entry.getValue();
        double[] target = sum == null ? new double[vector.dimension()] : sum;
        for (int i = 0; i < target.length; i++) {
          target[i] += vector.get(i);
        }
        sum = target;
      }
    }
    return sum == null ? Optional.empty() : normalised(sum);
  }

  private static Optional<Embedding> normalised(double[] sum) {
    double squares = 0;
    for (double value : sum) {
      squares += value * value;
    }
    double length = Math.sqrt(squares);
    if (length < 1e-6) {
      return Optional.empty();
    }
    float[] values = new float[sum.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (sum[i] / length);
    }
    return Optional.of(Embedding.of(values));
  }

  /** Every list has k names, or all there are: images without a vector come last, by name. */
  private List<RankedName> fillUp(List<RankedName> ranked, int k) {
    int wanted = Math.min(k, gallery.size());
    if (ranked.size() >= wanted) {
      return ranked;
    }
    List<RankedName> filled = new ArrayList<>(ranked);
    galleryLeftOut.stream()
        .limit(wanted - ranked.size())
        .forEach(name -> filled.add(new RankedName(name, null)));
    return filled;
  }
}
