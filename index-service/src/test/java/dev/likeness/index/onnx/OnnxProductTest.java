package dev.likeness.index.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.kernel.CodeProductContract;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OnnxProductTest extends CodeProductContract {

  private static Optional<CodeProduct> loaded = Optional.empty();

  @BeforeAll
  static void load() {
    loaded = OnnxProduct.load();
  }

  @Override
  protected CodeProduct product() {
    return loaded.orElseThrow();
  }

  @Test
  void namesTheLibrary() {
    assertThat(product().name()).startsWith("ONNX Runtime 1.");
  }
}
