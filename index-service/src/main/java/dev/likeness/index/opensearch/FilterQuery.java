package dev.likeness.index.opensearch;

import dev.likeness.index.filter.Filter;
import dev.likeness.index.vector.PayloadValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter in the query language of OpenSearch, over {@link PayloadTerms}. */
final class FilterQuery {

  private FilterQuery() {}

  static Map<String, Object> of(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> filters) when filters.isEmpty() -> Map.of("match_all", Map.of());
      case Filter.And(List<Filter> filters) -> bool("filter", all(filters));
      case Filter.Or(List<Filter> filters) when filters.isEmpty() -> Map.of("match_none", Map.of());
      case Filter.Or(List<Filter> filters) -> bool("should", all(filters));
      case Filter.Not(Filter negated) -> bool("must_not", List.of(of(negated)));
      case Filter.In in ->
          Map.of(
              "terms",
              Map.of(
                  CollectionIndex.TERMS,
                  in.values().stream()
                      .map(value -> PayloadTerms.term(in.field().toString(), value))
                      .toList()));
      case Filter.Range range -> range(range);
      case Filter.Exists exists -> {
        String name = exists.field().toString();
        yield between(Map.of("gte", name + PayloadTerms.END, "lt", name + PayloadTerms.AFTER_END));
      }
    };
  }

  private static Map<String, Object> range(Filter.Range range) {
    String name = range.field().toString();
    Map<String, String> bounds = new LinkedHashMap<>();
    PayloadValue any = valueOf(range);
    Filter.Range.Bound lower = range.lower();
    Filter.Range.Bound upper = range.upper();
    if (lower == null) {
      bounds.put("gte", PayloadTerms.kind(name, any));
    } else {
      bounds.put(lower.inclusive() ? "gte" : "gt", PayloadTerms.term(name, lower.value()));
    }
    if (upper == null) {
      bounds.put("lt", PayloadTerms.afterKind(name, any));
    } else {
      bounds.put(upper.inclusive() ? "lte" : "lt", PayloadTerms.term(name, upper.value()));
    }
    return between(bounds);
  }

  private static PayloadValue valueOf(Filter.Range range) {
    Filter.Range.@Nullable Bound bound = range.lower() != null ? range.lower() : range.upper();
    if (bound == null) {
      throw new IllegalStateException("a range has a bound");
    }
    return bound.value();
  }

  private static Map<String, Object> between(Map<String, String> bounds) {
    return Map.of("range", Map.of(CollectionIndex.TERMS, bounds));
  }

  private static List<Map<String, Object>> all(List<Filter> filters) {
    return filters.stream().map(FilterQuery::of).toList();
  }

  private static Map<String, Object> bool(String occurrence, List<Map<String, Object>> queries) {
    return Map.of("bool", Map.of(occurrence, queries));
  }
}
