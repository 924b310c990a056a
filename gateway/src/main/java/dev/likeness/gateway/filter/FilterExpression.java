package dev.likeness.gateway.filter;

import dev.likeness.gateway.attribute.AttributeValue;
import dev.likeness.gateway.attribute.Attributes;
import dev.likeness.gateway.filter.FilterToken.Kind;
import dev.likeness.gateway.run.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads a filter that people write, by recursive descent:
 *
 * <pre>
 * filter    = and {"or" and}
 * and       = not {"and" not}
 * not       = "not" not | "(" filter ")" | "exists" attribute | condition
 * condition = attribute ("=" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=") value
 *           | attribute ["not"] "in" "[" value {"," value} "]"
 * value     = text in quotes | number | "true" | "false"
 * </pre>
 *
 * Words of the language have any case. An attribute's name is a word that is none of them, or
 * stands in quotes. Every refusal points at the place. The depth of the recursion is bounded.
 */
public final class FilterExpression {

  /** Longest expression, room for long lists. */
  public static final int MAX_LENGTH = 65_536;

  private static final Set<String> COMPARISONS =
      Set.of("=", "==", "!=", "<>", "<", "<=", ">", ">=");

  private static final String VALUES = "a text in quotes, a number, true or false";

  private final String expression;
  private final List<FilterToken> tokens;
  private int next;
  private int nesting;

  private FilterExpression(String expression, List<FilterToken> tokens) {
    this.expression = expression;
    this.tokens = tokens;
  }

  /**
   * The filter of an expression.
   *
   * @throws InvalidRequestException if it cannot be read; the message points at the place
   */
  public static Filter parse(String expression) {
    if (expression.isBlank()) {
      throw new InvalidRequestException(
          "filter",
          "the filter is empty; write a condition such as brand = \"acme\", or leave it out");
    }
    if (expression.length() > MAX_LENGTH) {
      throw new InvalidRequestException(
          "filter",
          "the filter has %d characters, at most %d are read"
              .formatted(expression.length(), MAX_LENGTH));
    }
    FilterExpression parser = new FilterExpression(expression, FilterTokens.of(expression));
    Filter filter = parser.or();
    parser.requireEnd();
    if (filter.depth() > Filter.MAX_DEPTH || filter.conditions() > Filter.MAX_CONDITIONS) {
      throw new InvalidRequestException(
          "filter",
          "the filter has %d conditions, %d deep; at most %d and %d are taken; use 'in' for many values"
              .formatted(
                  filter.conditions(), filter.depth(), Filter.MAX_CONDITIONS, Filter.MAX_DEPTH));
    }
    return filter;
  }

  private Filter or() {
    return joined("or", this::and, Filter.Or::new);
  }

  private Filter and() {
    return joined("and", this::not, Filter.And::new);
  }

  private Filter joined(String word, Supplier<Filter> part, Function<List<Filter>, Filter> join) {
    List<Filter> parts = new ArrayList<>();
    do {
      parts.add(part.get());
    } while (takeWord(word));
    return parts.size() == 1 ? parts.getFirst() : join.apply(parts);
  }

  private Filter not() {
    FilterToken token = peek();
    if (takeWord("not")) {
      return nested(token, () -> new Filter.Not(not()));
    }
    if (takeSign("(")) {
      return nested(
          token,
          () -> {
            Filter inner = or();
            if (!takeSign(")")) {
              throw problem(peek(), isEnd() ? "a ) is missing" : "expected 'and', 'or' or )");
            }
            return inner;
          });
    }
    if (takeWord("exists")) {
      return new Filter.Exists(attribute());
    }
    return condition();
  }

  private Filter nested(FilterToken from, Supplier<Filter> inner) {
    if (++nesting > Filter.MAX_DEPTH) {
      throw problem(from, "nested more than %d deep".formatted(Filter.MAX_DEPTH));
    }
    Filter filter = inner.get();
    nesting--;
    return filter;
  }

  private Filter condition() {
    String attribute = attribute();
    FilterToken token = peek();
    if (takeWord("not")) {
      if (!takeWord("in")) {
        throw problem(peek(), "expected 'in' after 'not'");
      }
      return new Filter.Not(new Filter.In(attribute, values()));
    }
    if (takeWord("in")) {
      return new Filter.In(attribute, values());
    }
    if (token.kind() != Kind.SIGN || !COMPARISONS.contains(token.text())) {
      throw problem(token, "expected one of = != < <= > >= in, after the attribute's name");
    }
    next++;
    return comparison(attribute, token.text(), value());
  }

  private static Filter comparison(String attribute, String sign, AttributeValue value) {
    return switch (sign) {
      case "=", "==" -> new Filter.Equals(attribute, value);
      case "!=", "<>" -> new Filter.Not(new Filter.Equals(attribute, value));
      case "<" -> new Filter.Range(attribute, null, new Filter.Bound(value, false));
      case "<=" -> new Filter.Range(attribute, null, new Filter.Bound(value, true));
      case ">" -> new Filter.Range(attribute, new Filter.Bound(value, false), null);
      default -> new Filter.Range(attribute, new Filter.Bound(value, true), null);
    };
  }

  private String attribute() {
    FilterToken token = peek();
    boolean isWord = token.kind() == Kind.WORD && !FilterWords.isReserved(token.text());
    if (!isWord && token.kind() != Kind.QUOTED) {
      throw problem(token, FilterWords.insteadOfAttribute(token));
    }
    next++;
    return checked(
        token,
        () -> {
          Attributes.requireName(token.text());
          return token.text();
        });
  }

  private List<AttributeValue> values() {
    if (!takeSign("[")) {
      throw problem(peek(), "expected a list such as [\"red\", \"blue\"]");
    }
    List<AttributeValue> values = new ArrayList<>();
    do {
      if (values.size() == Filter.MAX_VALUES) {
        throw problem(peek(), "a list has at most %d values".formatted(Filter.MAX_VALUES));
      }
      values.add(value());
    } while (takeSign(","));
    if (!takeSign("]")) {
      throw problem(peek(), isEnd() ? "a ] is missing" : "expected , or ]");
    }
    return values;
  }

  private AttributeValue value() {
    FilterToken token = peek();
    next++;
    return switch (token.kind()) {
      case QUOTED -> checked(token, () -> new AttributeValue.Text(token.text()));
      case NUMBER -> checked(token, () -> new AttributeValue.Numeric(token.number()));
      case WORD -> {
        if (token.isWord("true") || token.isWord("false")) {
          yield new AttributeValue.Flag(token.isWord("true"));
        }
        throw problem(
            token,
            FilterWords.isReserved(token.text())
                ? "a value is missing: " + VALUES
                : "a value is %s; write \"%s\" if it is a text".formatted(VALUES, token.shown()));
      }
      case SIGN, END -> throw problem(token, "a value is missing: " + VALUES);
    };
  }

  private <T> T checked(FilterToken token, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw problem(token, String.valueOf(e.getMessage()));
    }
  }

  private void requireEnd() {
    if (!isEnd()) {
      throw problem(peek(), FilterWords.insteadOfEnd(peek()));
    }
  }

  private FilterToken peek() {
    return tokens.get(next);
  }

  private boolean isEnd() {
    return peek().kind() == Kind.END;
  }

  private boolean takeWord(String word) {
    return take(peek().isWord(word));
  }

  private boolean takeSign(String sign) {
    return take(peek().isSign(sign));
  }

  private boolean take(boolean taken) {
    next += taken ? 1 : 0;
    return taken;
  }

  private InvalidRequestException problem(FilterToken token, String problem) {
    return FilterProblem.at(expression, token.start(), problem);
  }
}
