package dev.likeness.gateway.competition;

import dev.likeness.gateway.peer.Embedding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Ranks by the joined scores of several encoders (min-max and weighted sum: Fox and Shaw, 1994,
 * "Combination of multiple searches", with the normalisation of Lee, 1997).
 *
 * <p>The candidates of a query are the best {@code max(100, 10 k)} images of each encoder, all
 * together. Each encoder scores all of them, its scores s become (s - min) / (max - min) over these
 * candidates (0 where all are equal), and a candidate's score is the sum of these by share. Like
 * {@link NeighborRanking}, from which candidates and scores come, it depends on the vectors alone.
 */
final class FusedRanking implements Ranking {

  private static final int SMALLEST_DEPTH = 100;
  private static final int DEPTH_PER_ANSWER = 10;

  /**
   * An encoder's part.
   *
   * @param ranking of its collection
   * @param dimension length of its part of a query's vector
   * @param share of the joined score
   */
  record Member(NeighborRanking ranking, int dimension, double share) {}

  private final List<Member> members;
  private final Set<String> leftOut;

  /**
   * @param leftOut images that one of the encoders has no vector of
   */
  FusedRanking(List<Member> members, Set<String> leftOut) {
    this.members = List.copyOf(members);
    this.leftOut = Set.copyOf(leftOut);
  }

  @Override
  public boolean needsAllTogether() {
    return false;
  }

  /**
   * @param queries the encoders' vectors one behind another
   */
  @Override
  public List<List<RankedName>> rank(List<Embedding> queries, int k) throws InterruptedException {
    List<List<Embedding>> parts = parts(queries);
    List<Set<String>> candidates = candidates(parts, queries.size(), k);
    List<List<String>> names = candidates.stream().map(List::copyOf).toList();
    List<Map<String, Double>> fused = new ArrayList<>();
    candidates.forEach(_ -> fused.add(new HashMap<>()));
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      List<List<RankedName>> scored = member.ranking().score(parts.get(i), names);
      for (int query = 0; query < scored.size(); query++) {
        add(scored.get(query), member.share(), fused.get(query));
      }
    }
    return fused.stream().map(scores -> best(scores, k)).toList();
  }

  /** For each member the queries' vectors of its own. */
  private List<List<Embedding>> parts(List<Embedding> queries) {
    List<List<Embedding>> parts = new ArrayList<>();
    int offset = 0;
    for (Member member : members) {
      int start = offset;
      parts.add(queries.stream().map(query -> query.part(start, member.dimension())).toList());
      offset += member.dimension();
    }
    return parts;
  }

  private List<Set<String>> candidates(List<List<Embedding>> parts, int queries, int k)
      throws InterruptedException {
    List<Set<String>> candidates = new ArrayList<>();
    for (int query = 0; query < queries; query++) {
      candidates.add(new TreeSet<>());
    }
    int depth = Math.max(SMALLEST_DEPTH, DEPTH_PER_ANSWER * k);
    for (int i = 0; i < members.size(); i++) {
      List<List<RankedName>> rankings = members.get(i).ranking().rank(parts.get(i), depth);
      for (int query = 0; query < queries; query++) {
        for (RankedName ranked : rankings.get(query)) {
          if (!leftOut.contains(ranked.name())) {
            candidates.get(query).add(ranked.name());
          }
        }
      }
    }
    return candidates;
  }

  private static void add(List<RankedName> scored, double share, Map<String, Double> fused) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (RankedName name : scored) {
      min = Math.min(min, name.requireSimilarity());
      max = Math.max(max, name.requireSimilarity());
    }
    double range = max - min;
    for (RankedName name : scored) {
      double normalised = range > 0 ? (name.requireSimilarity() - min) / range : 0;
      fused.merge(name.name(), share * normalised, Double::sum);
    }
  }

  private static List<RankedName> best(Map<String, Double> scores, int k) {
    return scores.entrySet().stream()
        .map(entry -> new RankedName(entry.getKey(), entry.getValue()))
        .sorted(RankedName.BEST_FIRST)
        .limit(k)
        .toList();
  }
}
