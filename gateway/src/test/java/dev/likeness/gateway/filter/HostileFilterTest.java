package dev.likeness.gateway.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.gateway.run.InvalidRequestException;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileFilterTest {

  private static void refuses(String expression, String rule) {
    assertThatThrownBy(() -> FilterExpression.parse(expression))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(rule)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
  }

  @Test
  void refusesDeepNesting() {
    refuses("(".repeat(100_000), "at most 65536 are read");
    refuses("(".repeat(60_000), "nested more than 16 deep");
    refuses("not ".repeat(16_000) + "a = 1", "nested more than 16 deep");
    refuses("(not ".repeat(9) + "a = 1" + ")".repeat(9), "nested more than 16 deep");
    refuses("a = 1 or (a = 1 and (".repeat(8) + "a = 1" + "))".repeat(8), "17 deep");
    assertThat(FilterExpression.parse("not ".repeat(15) + "a = 1").depth()).isEqualTo(16);
  }

  @Test
  void refusesTooManyConditionsAndValues() {
    refuses("a = 1 or ".repeat(1000) + "a = 1", "1002 conditions");
    String values = "1,".repeat(10_000);
    refuses("a in [" + values + "1]", "at most 10000 values");
    assertThat(FilterExpression.parse("a in [" + values.substring(0, 19_999) + "]").conditions())
        .isEqualTo(1);
  }

  @Test
  void refusesLongNamesTextsAndWords() {
    refuses("x".repeat(65) + " = 1", "at most 64");
    refuses("a = '" + "é".repeat(2049) + "'", "at most 4096");
    refuses("a = " + "x".repeat(60_000), "if it is a text");
    refuses("a = " + "9".repeat(60_000), "too large");
    refuses("a = 1" + "e".repeat(60_000), "no number");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = '\u0000'",
        "a = '\n'",
        "\u0000",
        "a = '\uD800'",
        "a = \uDC00",
        "a = Infinity",
        "a = -NaN",
        "a = --1",
        "a = 1-1",
        "a = 0x10",
        "a = 1e",
        "a = .",
        "a = +",
        "=",
        "[",
        "]",
        ",",
        "\\",
        "\"",
        "'",
        "a = '\\",
        "a = 1;drop",
        "a = 1 --",
        "a IN ['x',]",
        "\u202Ea = 1 \u202E",
        "٣ = ٣"
      })
  void refusesWhatMakesNoSense(String expression) {
    assertThatThrownBy(() -> FilterExpression.parse(expression))
        .isInstanceOf(InvalidRequestException.class)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSizeLessThanOrEqualTo(3));
  }

  @Test
  void neverFailsInAnotherWay() {
    String[] parts = {
      "(", ")", "[", "]", ",", "=", "<", "!=", "!", "and", "or", "not", "in", "exists", "a", "\"",
      "'", "\\", "1", "-", ".", "e", "👟", "\uD83D", "é", " ", " ", "true", "'x'", "a = 1"
    };
    Random random = new Random(20261122);
    for (int i = 0; i < 50_000; i++) {
      String expression =
          IntStream.range(0, random.nextInt(12))
              .mapToObj(_ -> parts[random.nextInt(parts.length)])
              .collect(Collectors.joining(random.nextBoolean() ? " " : ""));
      try {
        assertThat(FilterExpression.parse(expression).depth()).isPositive();
      } catch (InvalidRequestException refused) {
        assertThat(refused.getMessage()).as(expression).startsWith("the filter ");
      }
    }
  }
}
