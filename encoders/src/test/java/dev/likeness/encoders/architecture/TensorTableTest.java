package dev.likeness.encoders.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TensorTableTest {

  /** What the published files hold beside the weights of the graph. */
  private static final Set<String> HEADS =
      Set.of(
          "fc.weight",
          "fc.bias",
          "classifier.1.weight",
          "classifier.1.bias",
          "heads.head.weight",
          "heads.head.bias",
          "embeddings.mask_token");

  static Stream<String> architectures() {
    return ArchitectureCatalog.all().stream().map(Architecture::name);
  }

  @Test
  void everyArchitectureHasItsFixture() {
    assertThat(architectures()).containsExactlyInAnyOrderElementsOf(EncoderFixture.FILES.keySet());
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void declaresTheTensorsOfThePublishedFile(String name) {
    Network network = ArchitectureCatalog.require(name).build();
    List<TensorSpec> published =
        EncoderFixture.of(name).tensors().stream()
            .filter(tensor -> !tensor.kind().equals("integer"))
            .map(EncoderFixture.Tensor::spec)
            .filter(spec -> !HEADS.contains(spec.name()))
            .toList();
    assertThat(network.weights()).containsExactlyInAnyOrderElementsOf(published);
    assertThat(network.parameterCount())
        .isEqualTo(published.stream().mapToLong(TensorSpec::elementCount).sum());
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void formulaGivesTheSumOfEveryTensor(String name) {
    EncoderFixture fixture = EncoderFixture.of(name);
    Map<String, TensorSpec> declared =
        ArchitectureCatalog.require(name).build().weights().stream()
            .collect(Collectors.toMap(TensorSpec::name, Function.identity()));
    for (EncoderFixture.Tensor tensor : fixture.tensors()) {
      TensorSpec spec = declared.get(tensor.spec().name());
      if (spec != null) {
        double sum = 0;
        for (float value : fixture.weights().values(spec)) {
          sum += value;
        }
        assertThat(sum)
            .as(spec.name())
            .isCloseTo(tensor.sum(), within(6e-7 * Math.abs(tensor.sum()) + 1e-9));
      }
    }
  }
}
