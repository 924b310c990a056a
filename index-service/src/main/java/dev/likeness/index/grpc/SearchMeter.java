package dev.likeness.index.grpc;

import dev.likeness.index.search.SearchResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;

/** Counts what searches cost. */
@Singleton
public class SearchMeter {

  private final Counter visited;
  private final Counter rescored;

  SearchMeter(MeterRegistry meters) {
    visited =
        Counter.builder("likeness.index.search.visited")
            .description("Vectors compared with queries, by their values or by their codes")
            .register(meters);
    rescored =
        Counter.builder("likeness.index.search.rescored")
            .description("Vectors compared again by their values after their codes")
            .register(meters);
  }

  void answered(SearchResult result) {
    visited.increment((double) result.visitedCount());
    rescored.increment((double) result.rescoredCount());
  }
}
