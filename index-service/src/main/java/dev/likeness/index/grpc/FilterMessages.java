package dev.likeness.index.grpc;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.filter.Filter.Range.Bound;
import dev.likeness.index.v1.FieldRange;
import dev.likeness.index.v1.FilterList;
import dev.likeness.index.v1.PayloadValue;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.vector.FieldName;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Filters: message to domain. */
final class FilterMessages {

  private FilterMessages() {}

  static Filter filter(SearchNeighborsRequest request) {
    return request.hasFilter() ? filter(request.getFilter(), 1) : Filter.EVERYTHING;
  }

  private static Filter filter(dev.likeness.index.v1.Filter message, int depth) {
    if (depth > Filter.MAX_DEPTH) {
      throw new InvalidRequestException(
          "filter", "may be nested at most %d deep".formatted(Filter.MAX_DEPTH));
    }
    return switch (message.getConditionCase()) {
      case AND -> new Filter.And(filters(message.getAnd(), depth));
      case OR -> new Filter.Or(filters(message.getOr(), depth));
      case NOT -> new Filter.Not(filter(message.getNot(), depth + 1));
      case EQUALS -> {
        var equals = message.getEquals();
        yield Filter.In.of(
            new FieldName(equals.getField()), value(equals.getField(), equals.getValue()));
      }
      case IN -> {
        var in = message.getIn();
        yield new Filter.In(
            new FieldName(in.getField()),
            in.getValuesList().stream()
                .map(value -> value(in.getField(), value))
                .collect(Collectors.toSet()));
      }
      case RANGE -> range(message.getRange());
      case EXISTS -> new Filter.Exists(new FieldName(message.getExists()));
      case CONDITION_NOT_SET ->
          throw new InvalidRequestException(
              "filter", "must have a condition: and, or, not, equals, in, range or exists");
    };
  }

  private static List<Filter> filters(FilterList list, int depth) {
    if (list.getFiltersCount() > Filter.MAX_CONDITIONS) {
      throw new InvalidRequestException(
          "filter",
          "may have at most %d conditions, has %d"
              .formatted(Filter.MAX_CONDITIONS, list.getFiltersCount()));
    }
    return list.getFiltersList().stream().map(filter -> filter(filter, depth + 1)).toList();
  }

  private static Filter range(FieldRange range) {
    return new Filter.Range(new FieldName(range.getField()), lower(range), upper(range));
  }

  private static @Nullable Bound lower(FieldRange range) {
    return switch (range.getLowerCase()) {
      case AT_LEAST -> new Bound(value(range.getField(), range.getAtLeast()), true);
      case GREATER_THAN -> new Bound(value(range.getField(), range.getGreaterThan()), false);
      case LOWER_NOT_SET -> null;
    };
  }

  private static @Nullable Bound upper(FieldRange range) {
    return switch (range.getUpperCase()) {
      case AT_MOST -> new Bound(value(range.getField(), range.getAtMost()), true);
      case LESS_THAN -> new Bound(value(range.getField(), range.getLessThan()), false);
      case UPPER_NOT_SET -> null;
    };
  }

  private static dev.likeness.index.vector.PayloadValue value(String field, PayloadValue value) {
    return IndexMessages.payloadValue("filter", field, value);
  }
}
