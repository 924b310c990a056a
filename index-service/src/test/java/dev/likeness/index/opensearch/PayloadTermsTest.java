package dev.likeness.index.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.vector.PayloadValue.NumberValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayloadTermsTest {

  @Test
  void numbersOrderByValue() {
    List<String> terms =
        List.of(-Double.MAX_VALUE, -1.5, -Double.MIN_VALUE, 0.0, Double.MIN_VALUE, 2.0, 10.0, 1e308)
            .stream()
            .map(number -> PayloadTerms.term("size", new NumberValue(number)))
            .toList();
    assertThat(terms).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void zeroHasOneTerm() {
    assertThat(PayloadTerms.term("size", new NumberValue(-0.0)))
        .isEqualTo(PayloadTerms.term("size", new NumberValue(0)));
  }
}
