package dev.likeness.index.search;

import dev.likeness.index.kernel.VectorKernel;
import java.util.ArrayList;
import java.util.List;

/** One exact search over one snapshot: by codes first if that pays, else by values. */
final class ExactScan {

  private final RowSnapshot rows;
  private final SearchRequest request;
  private final QueryBatch queries;
  private final VectorKernel kernel;
  private final ScanPolicy policy;

  ExactScan(
      RowSnapshot rows,
      SearchRequest request,
      QueryBatch queries,
      VectorKernel kernel,
      ScanPolicy policy) {
    this.rows = rows;
    this.request = request;
    this.queries = queries;
    this.kernel = kernel;
    this.policy = policy;
  }

  SearchResult run(SearchPool pool) {
    boolean byCodes =
        RowCodes.worthwhile(queries.dimension())
            && policy.usesCodes(queries.count(), rows.rowCount(), request.k());
    if (byCodes) {
      List<NeighborList> answers = new ArrayList<>();
      for (int q = 0; q < queries.count(); q++) {
        var answer = new CodeScan(rows, request, queries, q, kernel, policy).run(pool);
        if (answer.isEmpty()) {
          return byValues(pool);
        }
        answers.add(list(answer.get().best(), answer.get().rescoredCount()));
      }
      return new SearchResult(answers);
    }
    return byValues(pool);
  }

  private SearchResult byValues(SearchPool pool) {
    List<TopK> best = new FloatScan(rows, request, queries, kernel).run(pool);
    return new SearchResult(best.stream().map(top -> list(top, 0)).toList());
  }

  private NeighborList list(TopK best, int rescoredCount) {
    return new NeighborList(best.removeBestFirst(), rows.rowCount(), rescoredCount);
  }
}
