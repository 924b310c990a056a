package dev.likeness.index.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.filter.Filter.And;
import dev.likeness.index.filter.Filter.Exists;
import dev.likeness.index.filter.Filter.In;
import dev.likeness.index.filter.Filter.Not;
import dev.likeness.index.filter.Filter.Or;
import dev.likeness.index.filter.Filter.Range;
import dev.likeness.index.filter.Filter.Range.Bound;
import dev.likeness.index.vector.FieldName;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import dev.likeness.index.vector.PayloadValue.BooleanValue;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.PayloadValue.TextValue;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {

  private static final FieldName CLASS = new FieldName("class");
  private static final FieldName WIDTH = new FieldName("width");
  private static final FieldName FLAG = new FieldName("flag");
  private static final FieldName UNKNOWN = new FieldName("unknown");

  private static final Payload CAT =
      Payload.of(Map.of("class", text("cat"), "width", number(7), "flag", new BooleanValue(true)));

  @Test
  void comparesFieldsOfEveryKind() {
    assertThat(In.of(CLASS, text("cat")).allows(CAT)).isTrue();
    assertThat(In.of(CLASS, text("Cat")).allows(CAT)).isFalse();
    assertThat(In.of(WIDTH, number(7)).allows(CAT)).isTrue();
    assertThat(In.of(FLAG, new BooleanValue(false)).allows(CAT)).isFalse();
    assertThat(new In(CLASS, Set.of(text("dog"), text("cat"))).allows(CAT)).isTrue();
    assertThat(new In(CLASS, Set.of()).allows(CAT)).isFalse();
    assertThat(new Exists(FLAG).allows(CAT)).isTrue();
    assertThat(new Exists(UNKNOWN).allows(CAT)).isFalse();
  }

  @Test
  void conditionsOnAbsentFieldsAndOtherKindsAreFalseAndTheirNegationTrue() {
    List<Filter> conditions =
        List.of(
            In.of(UNKNOWN, text("cat")),
            In.of(WIDTH, text("7")),
            In.of(CLASS, number(7)),
            new Range(CLASS, new Bound(number(0), true), null),
            new Range(WIDTH, null, new Bound(text("z"), true)),
            new Range(UNKNOWN, new Bound(number(0), true), null));
    for (Filter condition : conditions) {
      assertThat(condition.allows(CAT)).as("%s", condition).isFalse();
      assertThat(new Not(condition).allows(CAT)).as("not %s", condition).isTrue();
      assertThat(condition.allows(Payload.EMPTY)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, 7, true, 7, true",
    "false, 7, true, 9, false",
    "true, 6, false, 7, false",
    "false, 6.9, false, 7.1, true",
    "true, 8, true, 9, false"
  })
  void rangesIncludeTheirBoundsWhenTold(
      boolean lowerInclusive, double lower, boolean upperInclusive, double upper, boolean inside) {
    Bound from = new Bound(number(lower), lowerInclusive);
    Bound to = new Bound(number(upper), upperInclusive);
    assertThat(new Range(WIDTH, from, to).allows(CAT)).isEqualTo(inside);
  }

  @Test
  void textsAreOrderedByCodePoints() {
    // U+FF5E is one code unit larger than the surrogates that U+1F600 is made of
    List<String> ordered = List.of("", "a", "ab", "b", "é", "～", "😀", "😀a", "😁");
    for (int i = 0; i < ordered.size(); i++) {
      for (int j = 0; j < ordered.size(); j++) {
        assertThat(Integer.signum(text(ordered.get(i)).compare(text(ordered.get(j)))))
            .as("%s against %s", ordered.get(i), ordered.get(j))
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }

  @Test
  void minusZeroIsZero() {
    Payload zero = Payload.of(Map.of("width", number(-0.0)));
    assertThat(In.of(WIDTH, number(0)).allows(zero)).isTrue();
    assertThat(new Range(WIDTH, new Bound(number(0), true), null).allows(zero)).isTrue();
    assertThat(new Range(WIDTH, null, new Bound(number(0), false)).allows(zero)).isFalse();
  }

  @Test
  void combines() {
    Filter cat = In.of(CLASS, text("cat"));
    Filter wide = new Range(WIDTH, new Bound(number(100), true), null);
    assertThat(new And(List.of(cat, wide)).allows(CAT)).isFalse();
    assertThat(new Or(List.of(wide, cat)).allows(CAT)).isTrue();
    assertThat(new And(List.of(cat, new Not(wide))).allows(CAT)).isTrue();
    assertThat(new And(List.of()).allows(CAT)).isTrue();
    assertThat(new Or(List.of()).allows(CAT)).isFalse();
    assertThat(Filter.EVERYTHING.allowsEverything()).isTrue();
    assertThat(cat.allowsEverything()).isFalse();
  }

  @Test
  void readsTheSameFieldsAsAWholePayload() {
    Map<String, PayloadValue> fields =
        Map.of(
            "a", text(""),
            "ab", text("x".repeat(300)),
            "b", number(1e300),
            "größe", new BooleanValue(true),
            "z", text("日本"));
    Payload payload = Payload.of(fields);
    fields.forEach(
        (name, value) -> assertThat(payload.get(new FieldName(name))).as(name).isEqualTo(value));
    assertThat(payload.get(new FieldName("abc"))).isNull();
  }

  @Test
  void hostileFiltersAreRefused() {
    Filter deep = new Exists(CLASS);
    for (int i = 1; i < Filter.MAX_DEPTH; i++) {
      deep = new Not(deep);
    }
    Filter deepest = deep;
    assertThatThrownBy(() -> new Not(deepest))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("nested at most 16 deep");
    List<Filter> many = Collections.nCopies(Filter.MAX_CONDITIONS, new Exists(CLASS));
    assertThatThrownBy(() -> new Or(many))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("at most 1000 conditions, has 1001");
    Set<PayloadValue> values = new HashSet<>();
    for (int i = 0; i <= Filter.MAX_VALUES; i++) {
      values.add(number(i));
    }
    assertThatThrownBy(() -> new In(CLASS, values)).hasMessageContaining("at most 10000 values");
    assertThatThrownBy(() -> new Range(CLASS, null, null)).hasMessageContaining("has no bound");
    assertThatThrownBy(
            () -> new Range(CLASS, new Bound(number(0), true), new Bound(text("a"), true)))
        .hasMessageContaining("different kinds");
    assertThatThrownBy(() -> new FieldName("")).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> new FieldName("x".repeat(65)))
        .isInstanceOf(InvalidRequestException.class);
  }

  private static TextValue text(String value) {
    return new TextValue(value);
  }

  private static NumberValue number(double value) {
    return new NumberValue(value);
  }
}
