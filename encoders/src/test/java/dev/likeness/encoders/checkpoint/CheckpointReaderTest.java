package dev.likeness.encoders.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.checkpoint.Checkpoint.Format;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointReaderTest {

  @TempDir Path folder;

  @Test
  void readsSafetensorsOfEveryFloatType() throws IOException {
    // Given
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    tensors.put("full", TestTensor.of(TensorType.F32, List.of(2L, 2L), 1f, -2f, 1e-30f, 0.1f));
    tensors.put("half", TestTensor.of(TensorType.F16, List.of(3L), 1f, -0.5f, 65504f));
    tensors.put("brain", TestTensor.of(TensorType.BF16, List.of(2L), 1.5f, -256f));
    tensors.put("double", TestTensor.of(TensorType.F64, List.of(1L), 0.25f));
    tensors.put("steps", TestTensor.of(TensorType.I64, List.of(), 7f));

    // When
    try (Checkpoint read =
        CheckpointReader.open(CheckpointFiles.safetensors(folder.resolve("x"), tensors))) {
      // Then
      assertThat(read.format()).isEqualTo(Format.SAFETENSORS);
      assertThat(read.names()).containsExactly("full", "half", "brain", "double", "steps");
      assertThat(read.find("full").orElseThrow().shape()).containsExactly(2L, 2L);
      assertThat(floats(read, "full")).containsExactly(1f, -2f, 1e-30f, 0.1f);
      assertThat(floats(read, "half")).containsExactly(1f, -0.5f, 65504f);
      assertThat(floats(read, "brain")).containsExactly(1.5f, -256f);
      assertThat(floats(read, "double")).containsExactly(0.25f);
      assertThat(read.find("steps").orElseThrow().type()).isEqualTo(TensorType.I64);
      assertThatThrownBy(() -> floats(read, "steps"))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("tensor 'steps' holds I64");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x80, 0x128, 0x63, 0x4b50})
  void readsSafetensorsWhoseLengthBeginsAsAnotherFormatDoes(int headerLength) throws IOException {
    // Given: headers are padded with spaces
    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + headerLength + Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(headerLength)
            .put((header + " ".repeat(headerLength - header.length())).getBytes(US_ASCII))
            .putFloat(2.5f);

    // When
    try (Checkpoint read = CheckpointReader.open(Files.write(folder.resolve("x"), file.array()))) {
      // Then
      assertThat(read.format()).isEqualTo(Format.SAFETENSORS);
      assertThat(floats(read, "w")).containsExactly(2.5f);
    }
  }

  @Test
  void readsTorchZip() throws IOException {
    try (Checkpoint read =
        CheckpointReader.open(CheckpointFiles.torchZip(folder.resolve("x"), someTensors()))) {
      assertThat(read.format()).isEqualTo(Format.TORCH_ZIP);
      assertSomeTensors(read);
    }
  }

  @Test
  void readsTorchLegacy() throws IOException {
    try (Checkpoint read =
        CheckpointReader.open(CheckpointFiles.torchLegacy(folder.resolve("x"), someTensors()))) {
      assertThat(read.format()).isEqualTo(Format.TORCH_LEGACY);
      assertSomeTensors(read);
    }
  }

  @Test
  void findsTensorsInsideATrainingCheckpointAndDropsTheWrapperPrefix() throws IOException {
    // Given
    PickleWriter pickle = new PickleWriter().raw('}', '(').text("epoch").raw('K', 3);
    pickle.text("best").global("numpy.core.multiarray", "scalar").raw('(');
    pickle.global("numpy", "dtype").raw('(').text("f8").raw(0x89, 0x88, 't', 'R');
    pickle.raw('(', 'K', 3).text("<").raw('N', 't', 'b', 'C', 2, 1, 2, 't', 'R');
    pickle.text("state_dict");
    CheckpointFiles.stateDictInto(pickle, someTensors(), false, name -> "module." + name);
    byte[] bytes = pickle.raw('u').stop();

    // When
    try (Checkpoint read =
        CheckpointReader.open(
            CheckpointFiles.torchZip(folder.resolve("x"), bytes, someTensors()))) {
      // Then
      assertSomeTensors(read);
      assertThat(read.ignored()).containsExactly("epoch", "best");
    }
  }

  @Test
  void readsParametersAsTheirTensors() throws IOException {
    // Given
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    tensors.put("weight", TestTensor.of(TensorType.F32, List.of(1L), 4f));
    PickleWriter pickle = new PickleWriter().raw('}').text("weight");
    pickle.global("torch._utils", "_rebuild_parameter").raw('(');
    pickle.tensor(tensors.get("weight"), "0", false).raw(0x88).orderedDict().raw('t', 'R', 's');

    // When
    try (Checkpoint read =
        CheckpointReader.open(
            CheckpointFiles.torchZip(folder.resolve("x"), pickle.stop(), tensors))) {
      // Then
      assertThat(floats(read, "weight")).containsExactly(4f);
    }
  }

  @Test
  void readsTransposedAndOffsetViewsOfOneStorage() throws IOException {
    // Given: 0 1 2 3 4 5 as a matrix of 2 rows, seen as its transpose, and as its last row
    TestTensor storage = TestTensor.of(TensorType.F32, List.of(6L), 0f, 1f, 2f, 3f, 4f, 5f);
    SequencedMap<String, TestTensor> written = new LinkedHashMap<>();
    written.put("storage", storage);
    PickleWriter pickle = new PickleWriter().raw('}', '(').text("transposed");
    pickle.view(storage.strided(List.of(3L, 2L), List.of(1L, 3L), 0), "0", 6, false);
    pickle.text("row");
    pickle.view(storage.strided(List.of(3L), List.of(1L), 3), "0", 6, false);

    // When
    try (Checkpoint read =
        CheckpointReader.open(
            CheckpointFiles.torchZip(folder.resolve("x"), pickle.raw('u').stop(), written))) {
      // Then
      assertThat(floats(read, "transposed")).containsExactly(0f, 3f, 1f, 4f, 2f, 5f);
      assertThat(floats(read, "row")).containsExactly(3f, 4f, 5f);
    }
  }

  @Test
  void readsEveryProtocolOfPlainContainers() throws IOException {
    // Given: protocol 4 with frame and memo, as torch.save(pickle_protocol=4) writes
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    tensors.put("w", TestTensor.of(TensorType.F32, List.of(1L), 9f));
    PickleWriter pickle = new PickleWriter().raw(0x95, 0, 0, 0, 0, 0, 0, 0, 0, '}', 0x94);
    pickle.raw(0x8c, 1, 'w', 0x94);
    pickle.raw(0x8c, 12).ascii("torch._utils").raw(0x8c, 18).ascii("_rebuild_tensor_v2").raw(0x93);
    pickle.raw('(').storage("FloatStorage", "0", 1, false).raw('K', 0, 'K', 1, 0x85, 'K', 1, 0x85);
    pickle.raw(0x89, 'N', 't', 'R', 's');

    // When
    try (Checkpoint read =
        CheckpointReader.open(
            CheckpointFiles.torchZip(folder.resolve("x"), pickle.stop(), tensors))) {
      // Then
      assertThat(floats(read, "w")).containsExactly(9f);
    }
  }

  @Test
  void readsDictionariesAsPythonTwoWroteThem() throws IOException {
    // Given: OrderedDict([['w', tensor]]), texts without encoding, the first way to name a tensor
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    tensors.put("w", TestTensor.of(TensorType.F32, List.of(1L), 3f));
    PickleWriter pickle = new PickleWriter().global("collections", "OrderedDict");
    pickle.raw(']', ']', '(', 'U', 1, 'w').global("torch._utils", "_rebuild_tensor").raw('(');
    pickle.storage("FloatStorage", "0", 1, false).number(0).tuple(List.of(1L)).tuple(List.of(1L));
    pickle.raw('t', 'R', 'e', 'a', 0x85, 'R');

    // When
    try (Checkpoint read =
        CheckpointReader.open(
            CheckpointFiles.torchZip(folder.resolve("x"), pickle.stop(), tensors))) {
      // Then
      assertThat(floats(read, "w")).containsExactly(3f);
    }
  }

  @Test
  void keepsNamesWhenOnlySomeHaveTheWrapperPrefix() throws IOException {
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    tensors.put("module.a", TestTensor.of(TensorType.F32, List.of(1L), 1f));
    tensors.put("b", TestTensor.of(TensorType.F32, List.of(1L), 2f));
    byte[] pickle = CheckpointFiles.stateDict(tensors, false, UnaryOperator.identity());
    try (Checkpoint read =
        CheckpointReader.open(CheckpointFiles.torchZip(folder.resolve("x"), pickle, tensors))) {
      assertThat(read.names()).containsExactly("module.a", "b");
    }
  }

  private static SequencedMap<String, TestTensor> someTensors() {
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    tensors.put("conv.weight", TestTensor.of(TensorType.F32, List.of(1L, 2L), 0.5f, -1f));
    tensors.put("half", TestTensor.of(TensorType.F16, List.of(2L), 2f, 4f));
    tensors.put("tracked", TestTensor.of(TensorType.I64, List.of(), 12f));
    tensors.put("brain", TestTensor.of(TensorType.BF16, List.of(1L, 1L), -8f));
    return tensors;
  }

  private static void assertSomeTensors(Checkpoint read) {
    assertThat(read.names()).containsExactly("conv.weight", "half", "tracked", "brain");
    assertThat(read.find("conv.weight").orElseThrow().shape()).containsExactly(1L, 2L);
    assertThat(floats(read, "conv.weight")).containsExactly(0.5f, -1f);
    assertThat(floats(read, "half")).containsExactly(2f, 4f);
    assertThat(floats(read, "brain")).containsExactly(-8f);
    assertThat(read.find("tracked").orElseThrow().shape()).isEmpty();
  }

  private static float[] floats(Checkpoint checkpoint, String name) {
    return checkpoint.find(name).orElseThrow().floats();
  }
}
