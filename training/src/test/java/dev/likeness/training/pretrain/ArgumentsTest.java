package dev.likeness.training.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

  @Test
  void takesTheRecipeOfTheBuiltInWeightsByDefault() {
    Arguments asked = Arguments.parse("--out", "weights");

    assertThat(asked.out()).isEqualTo(Path.of("weights").toAbsolutePath());
    assertThat(asked.recipe()).isEqualTo(Recipe.DEFAULT);
    assertThat(asked.threads()).isEqualTo(2);
  }

  @Test
  void givesTheCommandThatAsksForTheSame() {
    Arguments asked = Arguments.parse("--epochs", "3", "--out", "weights", "--seed", "-9");

    assertThat(asked.command()).contains("--epochs 3", "--seed -9").doesNotContain("--out");
  }

  @ParameterizedTest
  @CsvSource({
    "'', --out is missing",
    "--out, --out has no value",
    "--out a --epochs x, '--epochs is a whole number from 1 to 1000, got ''x'''",
    "--out a --epochs 0, got '0'",
    "--out a --identities 2, from 40 to 2000",
    "--out a --identities 99999999999, from 40 to 2000",
    "--in a, there is no option '--in'"
  })
  void saysWhatIsWrong(String line, String message) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

    assertThatThrownBy(() -> Arguments.parse(arguments))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
