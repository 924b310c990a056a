package dev.likeness.gateway.grpc;

import dev.likeness.gateway.filter.Filter;
import dev.likeness.gateway.filter.Filter.Bound;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.index.v1.FieldEquals;
import dev.likeness.index.v1.FieldIn;
import dev.likeness.index.v1.FieldRange;
import dev.likeness.index.v1.FilterList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters: between messages and what the gateway knows. */
final class FilterMessages {

  private FilterMessages() {}

  static dev.likeness.index.v1.Filter message(Filter filter) {
    var message = dev.likeness.index.v1.Filter.newBuilder();
    return switch (filter) {
      case Filter.And(var filters) -> message.setAnd(list(filters)).build();
      case Filter.Or(var filters) -> message.setOr(list(filters)).build();
      case Filter.Not(var inner) -> message.setNot(message(inner)).build();
      case Filter.Equals(var attribute, var value) ->
          message
              .setEquals(
                  FieldEquals.newBuilder()
                      .setField(attribute)
                      .setValue(AttributeMessages.message(value)))
              .build();
      case Filter.In(var attribute, var values) ->
          message
              .setIn(
                  FieldIn.newBuilder()
                      .setField(attribute)
                      .addAllValues(values.stream().map(AttributeMessages::message).toList()))
              .build();
      case Filter.Range range -> message.setRange(range(range)).build();
      case Filter.Exists(var attribute) -> message.setExists(attribute).build();
    };
  }

  private static FilterList list(List<Filter> filters) {
    return FilterList.newBuilder()
        .addAllFilters(filters.stream().map(FilterMessages::message).toList())
        .build();
  }

  private static FieldRange range(Filter.Range range) {
    FieldRange.Builder message = FieldRange.newBuilder().setField(range.attribute());
    Bound lower = range.lower();
    Bound upper = range.upper();
    if (lower != null) {
      var unused =
          lower.inclusive()
              ? message.setAtLeast(AttributeMessages.message(lower.value()))
              : message.setGreaterThan(AttributeMessages.message(lower.value()));
    }
    if (upper != null) {
      var unused =
          upper.inclusive()
              ? message.setAtMost(AttributeMessages.message(upper.value()))
              : message.setLessThan(AttributeMessages.message(upper.value()));
    }
    return message.build();
  }

  /**
   * @throws InvalidRequestException if a condition or a value is missing, or it is too large
   */
  static Filter filter(dev.likeness.index.v1.Filter message) {
    Filter filter = condition(message); // deeper messages than 100 are refused before they get here
    if (filter.depth() > Filter.MAX_DEPTH || filter.conditions() > Filter.MAX_CONDITIONS) {
      throw new InvalidRequestException(
          "filter",
          "the filter has %d conditions, %d deep; at most %d and %d are taken"
              .formatted(
                  filter.conditions(), filter.depth(), Filter.MAX_CONDITIONS, Filter.MAX_DEPTH));
    }
    return filter;
  }

  private static Filter condition(dev.likeness.index.v1.Filter message) {
    return switch (message.getConditionCase()) {
      case AND -> new Filter.And(filters(message.getAnd()));
      case OR -> new Filter.Or(filters(message.getOr()));
      case NOT -> new Filter.Not(condition(message.getNot()));
      case EQUALS -> {
        FieldEquals equals = message.getEquals();
        yield new Filter.Equals(
            equals.getField(), AttributeMessages.value(equals.getField(), equals.getValue()));
      }
      case IN -> {
        FieldIn in = message.getIn();
        yield new Filter.In(
            in.getField(),
            in.getValuesList().stream()
                .map(value -> AttributeMessages.value(in.getField(), value))
                .toList());
      }
      case RANGE -> {
        FieldRange range = message.getRange();
        yield new Filter.Range(range.getField(), lower(range), upper(range));
      }
      case EXISTS -> new Filter.Exists(message.getExists());
      case CONDITION_NOT_SET ->
          throw new InvalidRequestException(
              "filter",
              "the filter must have a condition: and, or, not, equals, in, range or exists");
    };
  }

  private static List<Filter> filters(FilterList list) {
    return list.getFiltersList().stream().map(FilterMessages::condition).toList();
  }

  private static @Nullable Bound lower(FieldRange range) {
    return switch (range.getLowerCase()) {
      case AT_LEAST ->
          new Bound(AttributeMessages.value(range.getField(), range.getAtLeast()), true);
      case GREATER_THAN ->
          new Bound(AttributeMessages.value(range.getField(), range.getGreaterThan()), false);
      case LOWER_NOT_SET -> null;
    };
  }

  private static @Nullable Bound upper(FieldRange range) {
    return switch (range.getUpperCase()) {
      case AT_MOST -> new Bound(AttributeMessages.value(range.getField(), range.getAtMost()), true);
      case LESS_THAN ->
          new Bound(AttributeMessages.value(range.getField(), range.getLessThan()), false);
      case UPPER_NOT_SET -> null;
    };
  }
}
