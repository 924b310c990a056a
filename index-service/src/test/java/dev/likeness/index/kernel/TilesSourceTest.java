package dev.likeness.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TilesSourceTest {

  @ParameterizedTest
  @MethodSource("all")
  void sourcesInTheTreeAreWhatTheGeneratorWrites(TilesSource tiles) throws IOException {
    Path root = Path.of(System.getProperty("likeness.root", ".."));
    assertThat(Files.readString(tiles.path(root))).isEqualTo(tiles.text());
  }

  static Iterable<TilesSource> all() {
    return TilesSource.ALL;
  }
}
