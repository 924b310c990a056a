package dev.likeness.gateway.filter;

import dev.likeness.gateway.attribute.AttributeValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which images may be found. The index decides what each condition means and keeps its own bounds;
 * a condition on an attribute that an image does not have is false.
 */
public sealed interface Filter {

  /** Deepest nesting that the index takes. */
  int MAX_DEPTH = 16;

  /** Most conditions that the index takes, those that join others included. */
  int MAX_CONDITIONS = 1000;

  /** Most values in one list. */
  int MAX_VALUES = 10_000;

  /** 1 for a condition on an attribute. */
  default int depth() {
    return switch (this) {
      case And(var filters) -> 1 + deepest(filters);
      case Or(var filters) -> 1 + deepest(filters);
      case Not(var filter) -> 1 + filter.depth();
      case Equals _, In _, Range _, Exists _ -> 1;
    };
  }

  /** This condition and those within it. */
  default int conditions() {
    return switch (this) {
      case And(var filters) -> 1 + filters.stream().mapToInt(Filter::conditions).sum();
      case Or(var filters) -> 1 + filters.stream().mapToInt(Filter::conditions).sum();
      case Not(var filter) -> 1 + filter.conditions();
      case Equals _, In _, Range _, Exists _ -> 1;
    };
  }

  private static int deepest(List<Filter> filters) {
    return filters.stream().mapToInt(Filter::depth).max().orElse(0);
  }

  /** All of them hold. */
  record And(List<Filter> filters) implements Filter {
    /** Copies the list. */
    public And {
      filters = List.copyOf(filters);
    }
  }

  /** At least one of them holds. */
  record Or(List<Filter> filters) implements Filter {
    /** Copies the list. */
    public Or {
      filters = List.copyOf(filters);
    }
  }

  /** It does not hold. */
  record Not(Filter filter) implements Filter {}

  /** The attribute has this value. */
  record Equals(String attribute, AttributeValue value) implements Filter {}

  /** The attribute has one of these values. */
  record In(String attribute, List<AttributeValue> values) implements Filter {
    /** Copies the list. */
    public In {
      values = List.copyOf(values);
    }
  }

  /**
   * The attribute lies between two values of one kind.
   *
   * @param lower null for no lower bound
   * @param upper null for no upper bound
   */
  record Range(String attribute, @Nullable Bound lower, @Nullable Bound upper) implements Filter {}

  /**
   * One end of a range.
   *
   * @param inclusive whether the value itself belongs to the range
   */
  record Bound(AttributeValue value, boolean inclusive) {}

  /** The image has the attribute. */
  record Exists(String attribute) implements Filter {}
}
