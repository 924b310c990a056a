package dev.likeness.index.search;

import dev.likeness.index.graph.CodedRows;
import dev.likeness.index.graph.Graph;
import dev.likeness.index.graph.GraphSearcher;
import dev.likeness.index.graph.RecallCurve;
import dev.likeness.index.graph.RowFilter;
import dev.likeness.index.kernel.VectorKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One search over one snapshot that follows graphs where there are any and scans all other rows.
 * Scores are those of {@link FloatScan} to the bit; what may be missing are neighbors.
 *
 * @see <a href="../../../../../../../docs/adr/0016-graph-engine.md">ADR 0016</a>
 */
final class GraphScan {

  /** If fewer rows than one in so many are allowed, scanning those is quicker. */
  private static final int RAREST = 20;

  /** If more rows than one in so many are kept on the way, scanning all is quicker. */
  private static final int WIDEST = 8;

  private final RowSnapshot rows;
  private final AllowedRows allowed;
  private final SearchRequest request;
  private final QueryBatch queries;
  private final VectorKernel kernel;
  private final ScanPolicy policy;
  private final List<Part> parts;

  /** A chunk with its graph. */
  private record Part(int chunk, CodedRows rows, Graph graph, RecallCurve.Choice choice) {}

  GraphScan(
      RowSnapshot rows,
      AllowedRows allowed,
      SearchRequest request,
      QueryBatch queries,
      VectorKernel kernel,
      ScanPolicy policy,
      double recall) {
    this.rows = rows;
    this.allowed = allowed;
    this.request = request;
    this.queries = queries;
    this.kernel = kernel;
    this.policy = policy;
    parts = parts(rows, request.k(), recall).stream().filter(this::isQuicker).toList();
  }

  /** The recall of rows for answers of ten, and how many of them are searched by graph. */
  static Optional<SealableIndex.GraphUse> use(RowSnapshot rows, double recall) {
    double found = rows.rowCount();
    long byGraph = 0;
    for (Part part : parts(rows, 10, recall)) {
      long count = part.rows.count();
      byGraph += count;
      found -= count * (1 - part.choice.recall());
    }
    return byGraph == 0
        ? Optional.empty()
        : Optional.of(new SealableIndex.GraphUse(found / rows.rowCount(), byGraph));
  }

  private static List<Part> parts(RowSnapshot rows, int k, double recall) {
    List<Part> parts = new ArrayList<>();
    for (int c = 0; c < rows.chunkCount(); c++) {
      @Nullable SealedGraph graph = rows.chunk(c).graph();
      @Nullable CodedRows coded = rows.chunk(c).codedRows();
      if (graph != null && coded != null) {
        int chunk = c;
        graph
            .graph()
            .recall()
            .choose(k, recall)
            .filter(choice -> choice.width() <= coded.count() / WIDEST)
            .ifPresent(choice -> parts.add(new Part(chunk, coded, graph.graph(), choice)));
      }
    }
    return parts;
  }

  private boolean isQuicker(Part part) {
    return (long) allowed.countIn(part.chunk) * RAREST >= part.rows.count();
  }

  /** Empty if no graph is of use here. */
  Optional<SearchResult> run(SearchPool pool) {
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    List<NeighborList> scanned = scanOthers(pool);
    NeighborList[] answers = new NeighborList[queries.count()];
    QueryRunner.run(
        pool,
        answers.length,
        request.abandoned(),
        q -> answers[q] = follow(q).with(scanned.get(q), request.k()));
    return Optional.of(new SearchResult(Arrays.asList(answers), allowed.count(), true));
  }

  private List<NeighborList> scanOthers(SearchPool pool) {
    boolean[] byGraph = new boolean[rows.chunkCount()];
    long left = rows.rowCount();
    for (Part part : parts) {
      byGraph[part.chunk] = true;
      left -= part.rows.count();
    }
    return left == 0
        ? Collections.nCopies(queries.count(), new NeighborList(List.of(), 0))
        : new ExactScan(rows, allowed.outside(byGraph), request, queries, kernel, policy)
            .run(pool)
            .answers();
  }

  /** The neighbors that the graphs lead to, scored by their values. */
  private NeighborList follow(int q) {
    float[] query = queries.copyOf(q);
    TopK best = new TopK(rows, request.k());
    Rescoring rescoring = new Rescoring(rows, query, best);
    long visited = 0;
    for (Part part : parts) {
      RowFilter filter = allowed.in(part.chunk, queries.excluded(q));
      try (GraphSearcher searcher = part.graph.searcher(part.rows, kernel)) {
        visited += searcher.search(query, part.choice.width(), filter);
        int left = GraphSearcher.rescored(request.k());
        for (int at = 0; at < searcher.found() && left > 0; at++) {
          if (searcher.isAllowed(at)) {
            rescoring.add(rows.start(part.chunk) + searcher.foundRow(at));
            left--;
          }
        }
      }
    }
    int rescored = rescoring.finish();
    return new NeighborList(best.removeBestFirst(), visited, rescored);
  }
}
