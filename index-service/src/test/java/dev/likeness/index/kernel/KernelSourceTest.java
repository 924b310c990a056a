package dev.likeness.index.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelSourceTest {

  @ParameterizedTest
  @MethodSource("all")
  void sourcesInTheTreeAreWhatTheGeneratorWrites(KernelSource source) throws IOException {
    Path root = Path.of(System.getProperty("likeness.root", ".."));
    assertThat(Files.readString(source.path(root))).isEqualTo(source.text());
  }

  static Iterable<KernelSource> all() {
    return KernelSource.ALL;
  }
}
