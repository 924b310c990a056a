package dev.likeness.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.gateway.attribute.AttributeValue;
import dev.likeness.gateway.attribute.AttributeValue.Flag;
import dev.likeness.gateway.attribute.AttributeValue.Numeric;
import dev.likeness.gateway.attribute.AttributeValue.Text;
import dev.likeness.gateway.filter.Filter.And;
import dev.likeness.gateway.filter.Filter.Bound;
import dev.likeness.gateway.filter.Filter.Equals;
import dev.likeness.gateway.filter.Filter.Exists;
import dev.likeness.gateway.filter.Filter.In;
import dev.likeness.gateway.filter.Filter.Not;
import dev.likeness.gateway.filter.Filter.Or;
import dev.likeness.gateway.filter.Filter.Range;
import dev.likeness.gateway.run.InvalidRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterExpressionTest {

  private static Equals is(String attribute, AttributeValue value) {
    return new Equals(attribute, value);
  }

  private static Equals is(String attribute, double value) {
    return is(attribute, new Numeric(value));
  }

  @Test
  void readsWhatTheDocumentationShows() {
    assertThat(
            FilterExpression.parse(
                "brand = \"acme\" and price < 20 and not (colour in [\"red\", \"blue\"] or exists discount)"))
        .isEqualTo(
            new And(
                List.of(
                    is("brand", new Text("acme")),
                    new Range("price", null, new Bound(new Numeric(20), false)),
                    new Not(
                        new Or(
                            List.of(
                                new In("colour", List.of(new Text("red"), new Text("blue"))),
                                new Exists("discount")))))));
  }

  @Test
  void bindsNotBeforeAndBeforeOr() {
    assertThat(FilterExpression.parse("a = 1 or not b = 2 and c = 3 or d = 4"))
        .isEqualTo(
            new Or(
                List.of(
                    is("a", 1), new And(List.of(new Not(is("b", 2)), is("c", 3))), is("d", 4))));
    assertThat(FilterExpression.parse("(a = 1 or b = 2) and c = 3"))
        .isEqualTo(new And(List.of(new Or(List.of(is("a", 1), is("b", 2))), is("c", 3))));
    assertThat(FilterExpression.parse("((a = 1))")).isEqualTo(is("a", 1));
  }

  @Test
  void readsEveryComparison() {
    Bound open = new Bound(new Numeric(1), false);
    Bound closed = new Bound(new Numeric(1), true);
    assertThat(FilterExpression.parse("a<1")).isEqualTo(new Range("a", null, open));
    assertThat(FilterExpression.parse("a <= 1")).isEqualTo(new Range("a", null, closed));
    assertThat(FilterExpression.parse("a > 1")).isEqualTo(new Range("a", open, null));
    assertThat(FilterExpression.parse("a >= 1")).isEqualTo(new Range("a", closed, null));
    assertThat(FilterExpression.parse("a == 1")).isEqualTo(is("a", 1));
    assertThat(FilterExpression.parse("a != 1")).isEqualTo(new Not(is("a", 1)));
    assertThat(FilterExpression.parse("a NOT IN [1, true, 'x']"))
        .isEqualTo(new Not(new In("a", List.of(new Numeric(1), new Flag(true), new Text("x")))));
  }

  @ParameterizedTest
  @CsvSource({"7,7", "-7,-7", "+7,7", ".5,0.5", "5.,5", "1e-3,0.001", "1E+2,100", "007,7"})
  void readsNumbers(String written, double value) {
    assertThat(FilterExpression.parse("a = " + written)).isEqualTo(is("a", value));
  }

  @Test
  void readsTextsAsTheyAre() {
    assertThat(FilterExpression.parse("a = 'it is \"so\"'"))
        .isEqualTo(is("a", new Text("it is \"so\"")));
    assertThat(FilterExpression.parse("a = \"\\\"\\\\\\'\"")).isEqualTo(is("a", new Text("\"\\'")));
    assertThat(FilterExpression.parse("größe = '大 👟'")).isEqualTo(is("größe", new Text("大 👟")));
    assertThat(FilterExpression.parse("a = ''")).isEqualTo(is("a", new Text("")));
    assertThat(FilterExpression.parse("a = TRUE")).isEqualTo(is("a", new Flag(true)));
  }

  @Test
  void takesUnusualNamesInQuotes() {
    assertThat(FilterExpression.parse("\"unit price\" < 1 and 'not' = 2 and exists \"in\""))
        .isEqualTo(
            new And(
                List.of(
                    new Range("unit price", null, new Bound(new Numeric(1), false)),
                    is("not", 2),
                    new Exists("in"))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      quoteCharacter = '`',
      value = {
        "brand = \"acme\" and price <      § 27 § a value is missing",
        "brand = acme                      § 9  § write \"acme\" if it is a text",
        "price = 20px                      § 9  § this is no number",
        "price = 1e999                     § 9  § too large",
        "price = NaN                       § 9  § a value is",
        "brand \"acme\"                    § 7  § expected one of = != < <= > >= in",
        "(a = 1                            § 7  § a ) is missing",
        "a = 1)                            § 6  § never opened",
        "a = 1 b = 2                       § 7  § expected 'and' or 'or'",
        "a = 1 && b = 2                    § 7  § write 'and'",
        "a = 1 || b = 2                    § 7  § write 'or'",
        "!a = 1                            § 1  § write 'not'",
        "a in [1, 2                        § 11 § a ] is missing",
        "a in []                           § 7  § a value is missing",
        "a in (1)                          § 6  § expected a list",
        "a = 'x                            § 5  § never closed",
        "a = 'x\\n'                        § 7  § backslash",
        "and = 1                           § 1  § is a word of the language",
        "a = 1 and                         § 10 § a condition is missing",
        "a not 1                           § 7  § expected 'in'",
        "'' = 1                            § 1  § name of an attribute is missing",
        "a = #                             § 5  § no place here",
        "5 = a                             § 1  § expected the name",
      })
  void pointsAtWhatItCannotRead(String expression, int at, String problem) {
    assertThatThrownBy(() -> FilterExpression.parse(expression))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith("the filter cannot be read at character " + at + ": ")
        .hasMessageContaining(problem)
        .hasMessageEndingWith("\n  " + expression + "\n  " + " ".repeat(at - 1) + "^");
  }

  @Test
  void showsThePlaceInALongExpression() {
    String start = "a = 1 and ".repeat(100);
    assertThatThrownBy(() -> FilterExpression.parse(start + "b = ? and " + start + "c = 1"))
        .satisfies(
            e -> {
              String[] lines = e.getMessage().split("\n");
              assertThat(lines[0]).contains("character 1005");
              assertThat(lines[1]).hasSizeLessThan(80).startsWith("  …").endsWith("…");
              assertThat(lines[1].charAt(lines[2].indexOf('^'))).isEqualTo('?');
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t"})
  void refusesAnEmptyExpression(String expression) {
    assertThatThrownBy(() -> FilterExpression.parse(expression))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the filter is empty");
  }
}
