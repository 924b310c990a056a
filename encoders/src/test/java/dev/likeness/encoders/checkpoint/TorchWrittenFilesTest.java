package dev.likeness.encoders.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.checkpoint.Checkpoint.Format;
import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that torch itself wrote; make.py beside them says how. */
class TorchWrittenFilesTest {

  @ParameterizedTest
  @CsvSource({
    "zip.pth, TORCH_ZIP, F32",
    "legacy.pth, TORCH_LEGACY, F32",
    "protocol5.pth, TORCH_ZIP, F32",
    "bfloat16.pth, TORCH_ZIP, BF16",
    "training.pth, TORCH_ZIP, F32",
    "generator_legacy.pth, TORCH_LEGACY, F16"
  })
  void readsAStateDictionary(String file, Format format, TensorType type) {
    try (Checkpoint read = open(file)) {
      assertThat(read.format()).isEqualTo(format);
      assertThat(read.names())
          .containsExactly(
              "0.weight",
              "0.bias",
              "1.weight",
              "1.bias",
              "1.running_mean",
              "1.running_var",
              "1.num_batches_tracked");
      CheckpointTensor weight = read.find("0.weight").orElseThrow();
      assertThat(weight.type()).isEqualTo(type);
      assertThat(weight.shape()).containsExactly(2L, 1L, 1L, 1L);
      assertThat(weight.floats()).containsExactly(0.5f, 0.5f);
      assertThat(read.find("1.bias").orElseThrow().floats()).containsExactly(3.5f, 3.5f);
      assertThat(read.find("1.running_var").orElseThrow().floats()).containsExactly(1f, 1f);
    }
  }

  @ParameterizedTest
  @CsvSource({"views.pth", "views_legacy.pth"})
  void readsViews(String file) {
    try (Checkpoint read = open(file)) {
      assertThat(read.find("transposed").orElseThrow().shape()).containsExactly(3L, 2L);
      assertThat(read.find("transposed").orElseThrow().floats())
          .containsExactly(0f, 3f, 1f, 4f, 2f, 5f);
      assertThat(read.find("row").orElseThrow().floats()).containsExactly(3f, 4f, 5f);
      assertThat(read.find("parameter").orElseThrow().floats())
          .containsExactly(0f, 1f, 2f, 3f, 4f, 5f);
    }
  }

  @Test
  void namesWhatLiesBesideTheWeights() {
    try (Checkpoint read = open("training.pth")) {
      assertThat(read.ignored()).containsExactly("epoch", "best", "optimizer");
    }
    try (Checkpoint read = open("generator_legacy.pth")) {
      assertThat(read.ignored()).containsExactly("rng");
    }
  }

  @Test
  void refusesWholeNetworksAndPrograms() {
    assertRefused(
        "whole_network.pth", Reason.FORBIDDEN_OBJECT, "'torch.nn.modules.container.Sequential'");
    assertRefused("script.pt", Reason.UNSUPPORTED, "is a TorchScript program");
  }

  private static void assertRefused(String file, Reason reason, String message) {
    assertThatThrownBy(() -> open(file).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .extracting(refused -> ((CheckpointException) refused).reason())
        .isEqualTo(reason);
  }

  private static Checkpoint open(String file) {
    try {
      return CheckpointReader.open(
          Path.of(
              Objects.requireNonNull(TorchWrittenFilesTest.class.getResource("/checkpoint/" + file))
                  .toURI()));
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
