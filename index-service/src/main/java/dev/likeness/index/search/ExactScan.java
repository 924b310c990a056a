package dev.likeness.index.search;

import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.kernel.VectorKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One exact search over one snapshot: by codes first if that pays, else by values. */
final class ExactScan {

  private final RowSnapshot rows;
  private final AllowedRows allowed;
  private final SearchRequest request;
  private final QueryBatch queries;
  private final VectorKernel kernel;
  private final ScanPolicy policy;

  ExactScan(
      RowSnapshot rows,
      AllowedRows allowed,
      SearchRequest request,
      QueryBatch queries,
      VectorKernel kernel,
      ScanPolicy policy) {
    this.rows = rows;
    this.allowed = allowed;
    this.request = request;
    this.queries = queries;
    this.kernel = kernel;
    this.policy = policy;
  }

  SearchResult run(SearchPool pool) {
    return new SearchResult(byCodes(pool).orElseGet(() -> byValues(pool)), allowed.count());
  }

  /** Empty where codes do not help. */
  private Optional<List<NeighborList>> byCodes(SearchPool pool) {
    if (!rows.haveCodes() || ScanPolicy.picksRows(allowed.count(), rows.rowCount())) {
      return Optional.empty();
    }
    if (policy.usesProduct(queries.count(), rows.rowCount(), request.k())) {
      return kernel.product().flatMap(product -> byProduct(product, pool));
    }
    return policy.usesCodes(queries.count(), rows.rowCount(), request.k())
        ? oneByOne(pool)
        : Optional.empty();
  }

  private Optional<List<NeighborList>> byProduct(CodeProduct product, SearchPool pool) {
    return ProductScan.run(rows, allowed, request, queries, kernel, product, policy, pool);
  }

  private Optional<List<NeighborList>> oneByOne(SearchPool pool) {
    List<NeighborList> answers = new ArrayList<>();
    for (int q = 0; q < queries.count(); q++) {
      var answer = new CodeScan(rows, allowed, request, queries, q, kernel, policy).run(pool);
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      answers.add(answer.get());
    }
    return Optional.of(answers);
  }

  private List<NeighborList> byValues(SearchPool pool) {
    return new FloatScan(rows, allowed, request, queries, kernel).run(pool);
  }
}
