package dev.likeness.index.filter;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.vector.FieldName;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides by its payload whether a vector may be answered. Immutable.
 *
 * <p>Every condition is true or false, never unknown: a condition on a field is false when the
 * payload has no such field, or one of another kind (text "7" is not the number 7), and {@link Not}
 * of it is true then. Numbers compare by value (-0 equals 0), texts by their code points, and false
 * is less than true.
 *
 * <p>A filter has at most {@value #MAX_CONDITIONS} conditions, nested at most {@value #MAX_DEPTH}
 * deep, because each may be asked for every vector of a collection; an {@link In} has at most
 * {@value #MAX_VALUES} values, which are looked up, not tried one by one.
 */
public sealed interface Filter {

  int MAX_CONDITIONS = 1000;
  int MAX_DEPTH = 16;
  int MAX_VALUES = 10_000;

  /** Allows every vector. */
  Filter EVERYTHING = new And(List.of());

  boolean allows(Payload payload);

  /** This condition and those within it. */
  int conditions();

  /** 1 for a condition on a field. */
  int depth();

  /** True if no payload is refused, so that nothing needs to be asked. */
  default boolean allowsEverything() {
    return equals(EVERYTHING);
  }

  /** All conditions hold; true when there are none. */
  record And(List<Filter> filters) implements Filter {
    public And {
      filters = List.copyOf(filters);
      requireBounded(filters);
    }

    @Override
    public boolean allows(Payload payload) {
      for (Filter filter : filters) {
        if (!filter.allows(payload)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int conditions() {
      return conditionsOf(filters);
    }

    @Override
    public int depth() {
      return depthOf(filters);
    }
  }

  /** At least one condition holds; false when there are none. */
  record Or(List<Filter> filters) implements Filter {
    public Or {
      filters = List.copyOf(filters);
      requireBounded(filters);
    }

    @Override
    public boolean allows(Payload payload) {
      for (Filter filter : filters) {
        if (filter.allows(payload)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public int conditions() {
      return conditionsOf(filters);
    }

    @Override
    public int depth() {
      return depthOf(filters);
    }
  }

  /** The condition does not hold. */
  record Not(Filter filter) implements Filter {
    public Not {
      requireBounded(List.of(filter));
    }

    @Override
    public boolean allows(Payload payload) {
      return !filter.allows(payload);
    }

    @Override
    public int conditions() {
      return 1 + filter.conditions();
    }

    @Override
    public int depth() {
      return 1 + filter.depth();
    }
  }

  /** The field has one of these values; false when there are none. Kinds may be mixed. */
  record In(FieldName field, Set<PayloadValue> values) implements Filter {
    public In {
      if (values.size() > MAX_VALUES) {
        throw new InvalidRequestException(
            "filter",
            "'%s' may be compared with at most %d values, got %d"
                .formatted(field, MAX_VALUES, values.size()));
      }
      values = values.stream().map(PayloadValue::canonical).collect(Collectors.toUnmodifiableSet());
    }

    /** The field has this value. */
    public static In of(FieldName field, PayloadValue value) {
      return new In(field, Set.of(value));
    }

    @Override
    public boolean allows(Payload payload) {
      PayloadValue present = payload.get(field);
      return present != null && values.contains(present.canonical());
    }

    @Override
    public int conditions() {
      return 1;
    }

    @Override
    public int depth() {
      return 1;
    }
  }

  /**
   * The field lies between two values, one of which may be missing.
   *
   * @param lower of the same kind as {@code upper}
   */
  record Range(FieldName field, @Nullable Bound lower, @Nullable Bound upper) implements Filter {

    /** A value, and whether it belongs to the range itself. */
    public record Bound(PayloadValue value, boolean inclusive) {}

    public Range {
      if (lower == null && upper == null) {
        throw new InvalidRequestException(
            "filter",
            "the range of '%s' has no bound; use exists to ask for the field".formatted(field));
      }
      if (lower != null && upper != null && !lower.value.isOfKind(upper.value)) {
        throw new InvalidRequestException(
            "filter", "the bounds of the range of '%s' are of different kinds".formatted(field));
      }
    }

    @Override
    public boolean allows(Payload payload) {
      PayloadValue present = payload.get(field);
      return present != null && isAbove(present) && isBelow(present);
    }

    private boolean isAbove(PayloadValue present) {
      if (lower == null) {
        return true;
      }
      if (!present.isOfKind(lower.value)) {
        return false;
      }
      int order = present.compare(lower.value);
      return order > 0 || (order == 0 && lower.inclusive);
    }

    private boolean isBelow(PayloadValue present) {
      if (upper == null) {
        return true;
      }
      if (!present.isOfKind(upper.value)) {
        return false;
      }
      int order = present.compare(upper.value);
      return order < 0 || (order == 0 && upper.inclusive);
    }

    @Override
    public int conditions() {
      return 1;
    }

    @Override
    public int depth() {
      return 1;
    }
  }

  /** The payload has the field, of whatever kind. */
  record Exists(FieldName field) implements Filter {
    @Override
    public boolean allows(Payload payload) {
      return payload.get(field) != null;
    }

    @Override
    public int conditions() {
      return 1;
    }

    @Override
    public int depth() {
      return 1;
    }
  }

  private static int conditionsOf(List<Filter> filters) {
    int conditions = 1;
    for (Filter filter : filters) {
      conditions += filter.conditions();
    }
    return conditions;
  }

  private static int depthOf(List<Filter> filters) {
    int depth = 0;
    for (Filter filter : filters) {
      depth = Math.max(depth, filter.depth());
    }
    return depth + 1;
  }

  private static void requireBounded(List<Filter> filters) {
    int conditions = conditionsOf(filters);
    if (conditions > MAX_CONDITIONS) {
      throw new InvalidRequestException(
          "filter", "may have at most %d conditions, has %d".formatted(MAX_CONDITIONS, conditions));
    }
    int depth = depthOf(filters);
    if (depth > MAX_DEPTH) {
      throw new InvalidRequestException(
          "filter", "may be nested at most %d deep, is %d".formatted(MAX_DEPTH, depth));
    }
  }
}
