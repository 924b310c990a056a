package dev.likeness.index.search;

import dev.likeness.index.kernel.VectorKernel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Chooses how a request is answered: together with others that wait ({@link JointSearch}), along
 * graphs where these are wanted and of use ({@link GraphScan}), or by a scan of its own ({@link
 * ExactScan}). Each reads one held snapshot. Safe for any thread.
 */
final class SnapshotSearch {

  private final PublishedRows published;
  private final Function<List<Query>, HeldQueries> hold;
  private final VectorKernel kernel;
  private final SearchPool pool;
  private final ScanPolicy policy;
  private final JointSearch joint;

  /** Empty while all searches are exact. */
  private volatile OptionalDouble graphRecall = OptionalDouble.empty();

  /**
   * @param hold begins a search: finds the vectors that queries start from, and holds the rows
   */
  SnapshotSearch(
      PublishedRows published,
      Function<List<Query>, HeldQueries> hold,
      VectorKernel kernel,
      SearchPool pool,
      ScanPolicy policy) {
    this.published = published;
    this.hold = hold;
    this.kernel = kernel;
    this.pool = pool;
    this.policy = policy;
    joint = new JointSearch(pool, this::searchNow);
  }

  SearchResult search(SearchRequest request) {
    boolean shares =
        graphRecall.isEmpty()
            && request.queries().size() <= JointSearch.MOST_QUERIES
            && published.current().rowCount() >= policy.minRows();
    return shares ? joint.search(request) : searchNow(request);
  }

  private SearchResult searchNow(SearchRequest request) {
    try (HeldQueries held = hold.apply(request.queries())) {
      RowSnapshot rows = held.rows();
      QueryBatch queries = held.queries();
      AllowedRows allowed = AllowedRows.of(rows, request.filter(), request.abandoned());
      return byGraph(rows, allowed, request, queries)
          .orElseGet(
              () -> new ExactScan(rows, allowed, request, queries, kernel, policy).run(pool));
    }
  }

  private Optional<SearchResult> byGraph(
      RowSnapshot rows, AllowedRows allowed, SearchRequest request, QueryBatch queries) {
    OptionalDouble recall = graphRecall;
    return recall.isEmpty()
        ? Optional.empty()
        : new GraphScan(rows, allowed, request, queries, kernel, policy, recall.getAsDouble())
            .run(pool);
  }

  /** As {@link SealableIndex#useGraphs}. */
  void useGraphs(OptionalDouble recall) {
    graphRecall = recall;
  }

  /** As {@link SealableIndex#graphUse}. */
  Optional<SealableIndex.GraphUse> graphUse() {
    OptionalDouble recall = graphRecall;
    if (recall.isEmpty()) {
      return Optional.empty();
    }
    RowSnapshot rows = published.hold();
    try {
      return GraphScan.use(rows, recall.getAsDouble());
    } finally {
      rows.letGo();
    }
  }
}
