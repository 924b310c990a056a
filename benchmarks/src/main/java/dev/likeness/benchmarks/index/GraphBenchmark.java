package dev.likeness.benchmarks.index;

import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import dev.likeness.index.graph.GraphParameters;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Search by graph beside that of peers, each with the least effort that reaches a recall on the
 * same queries; and how long building takes.
 */
final class GraphBenchmark {

  private static final GraphParameters PARAMETERS = GraphParameters.DEFAULT;
  private static final double[] RECALLS = {0.95, 0.99};

  /** Our effort is chosen by a recall measured on other vectors; this much is asked for more. */
  private static final double STEP = 0.001;

  private static final int WIDEST = 2000;

  private final Report report;
  private final VectorData data;
  private final int threads;
  private final Rounds rounds;
  private final Map<String, @Nullable Double> ratios;

  GraphBenchmark(
      Report report,
      VectorData data,
      int threads,
      Rounds rounds,
      Map<String, @Nullable Double> ratios) {
    this.report = report;
    this.data = data;
    this.threads = threads;
    this.rounds = rounds;
    this.ratios = ratios;
  }

  /**
   * @param peers hold the same vectors; none to measure ours alone
   */
  void run(List<SearchPeer> peers, Path folder) throws Exception {
    report.line("building graphs");
    try (OurGraph ours = new OurGraph(data, PARAMETERS, threads, folder)) {
      report.condition("graph_build_seconds", rounded(ours.buildSeconds()));
      for (SearchPeer peer : peers) {
        double theirs = peer.buildGraph(PARAMETERS.links(), PARAMETERS.beamWidth()) / 1e9;
        report.condition(of(peer, "peer_graph_build_seconds"), rounded(theirs));
        ratios.put(of(peer, "graph_build"), theirs / ours.buildSeconds());
      }
      ours.use(OptionalDouble.empty());
      List<List<Integer>> truth = ours.neighbors();
      for (double recall : RECALLS) {
        compare(recall, truth, ours, peers);
      }
    }
  }

  /** Names of figures are those of FAISS, and end in the name of another peer. */
  static String of(SearchPeer peer, String name) {
    return peer.kind() == SearchPeer.Kind.FAISS ? name : name + "_" + peer.kind().word();
  }

  private void compare(
      double recall, List<List<Integer>> truth, OurGraph ours, List<SearchPeer> peers)
      throws Exception {
    String name = "graph_recall_" + Math.round(100 * recall);
    double reached = 0;
    for (double asked = recall - 5 * STEP; asked < 1 && reached < recall; asked += STEP) {
      ours.use(OptionalDouble.of(asked));
      reached = recall(truth, ours.neighbors());
    }
    report.condition(name + "_reached", rounded(reached));
    Contender likeness = new Contender("likeness graph", ours::searchAll);
    if (peers.isEmpty()) {
      report.add(name, "queries", threads, rounds.comparison().run(List.of(likeness)));
    }
    for (SearchPeer peer : peers) {
      compare(of(peer, name), recall, truth, likeness, peer);
    }
  }

  private void compare(
      String name, double recall, List<List<Integer>> truth, Contender likeness, SearchPeer peer)
      throws Exception {
    double peerReached = 0;
    int width = OurGraph.K;
    for (; width < WIDEST && peerReached < recall; width += 2) {
      peer.useWidth(width);
      peerReached = recall(truth, peer.neighbors(0, truth.size()));
    }
    report.condition(name + "_reached_by_peer", rounded(peerReached));
    ComparisonResult result =
        rounds
            .comparison()
            .run(
                List.of(
                    new Contender(
                        peer.kind().graphLabel(),
                        () -> {
                          peer.search(0, truth.size(), 1);
                          return truth.size();
                        }),
                    likeness));
    report.add(name, "queries", threads, result);
    ratios.put(name, result.lines().getLast().ratio().median());
  }

  private static double recall(List<List<Integer>> truth, List<List<Integer>> found) {
    int right = 0;
    int wanted = 0;
    for (int q = 0; q < truth.size(); q++) {
      Set<Integer> neighbors = new HashSet<>(found.get(q));
      wanted += truth.get(q).size();
      right += (int) truth.get(q).stream().filter(neighbors::contains).count();
    }
    return (double) right / wanted;
  }

  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
