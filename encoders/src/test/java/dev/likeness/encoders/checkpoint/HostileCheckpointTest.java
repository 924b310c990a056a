package dev.likeness.encoders.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileCheckpointTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "os,system",
    "posix,system",
    "builtins,eval",
    "subprocess,Popen",
    "torch,load",
    "torch.nn.modules.conv,Conv2d",
    "numpy.core.multiarray,_reconstruct"
  })
  void refusesPickleThatAsksForAnythingButTensorsByName(String module, String name)
      throws IOException {
    byte[] call =
        new PickleWriter().global(module, name).raw('(').text("echo owned").raw('t', 'R').stop();
    assertRefused(
        CheckpointFiles.torchZip(file(), call, new LinkedHashMap<>()),
        Reason.FORBIDDEN_OBJECT,
        "'" + module + "." + name + "'");
    assertRefused(write(call), Reason.FORBIDDEN_OBJECT, "'" + module + "." + name + "'");
  }

  @Test
  void refusesForbiddenNamesByEveryCode() throws IOException {
    byte[] stackGlobal =
        new PickleWriter().raw(0x8c, 2).ascii("os").raw(0x8c, 6).ascii("system").raw(0x93).stop();
    byte[] instance = new PickleWriter().raw('(').text("ls").ascii("ios\nsystem\n").stop();
    byte[] protocolZero = "cos\nsystem\n(S'echo owned'\ntR.".getBytes(StandardCharsets.US_ASCII);
    assertRefused(write(stackGlobal), Reason.FORBIDDEN_OBJECT, "'os.system'");
    assertRefused(write(instance), Reason.FORBIDDEN_OBJECT, "'os.system'");
    assertRefused(write(protocolZero), Reason.FORBIDDEN_OBJECT, "'os.system'");
    assertRefused(
        write(new PickleWriter().raw(0x82, 1).stop()), Reason.FORBIDDEN_OBJECT, "code 0x82");
  }

  @Test
  void refusesForbiddenNameInsideALegacyFile() throws IOException {
    byte[] call = new PickleWriter().global("os", "system").stop();
    byte[] preamble = CheckpointFiles.legacyPreamble();
    byte[] file = Arrays.copyOf(preamble, preamble.length + call.length);
    System.arraycopy(call, 0, file, preamble.length, call.length);
    assertRefused(write(file), Reason.FORBIDDEN_OBJECT, "'os.system'");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void refusesSafetensorsHeaderLongerThanTheFile(long length) throws IOException {
    byte[] bytes =
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put((byte) '{')
            .put((byte) '}')
            .array();
    assertRefused(
        write(bytes),
        Reason.TRUNCATED,
        Long.toUnsignedString(length) + " bytes long, the file has 2");
  }

  @Test
  void refusesAbsurdlyLongSafetensorsHeader() throws IOException {
    byte[] bytes = CheckpointFiles.safetensorsHeader("{" + " ".repeat(17 << 20) + "}");
    assertRefused(write(bytes), Reason.LIMIT_EXCEEDED, "at most");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[0,4]|[2,6]|MALFORMED|overlap",
        "[0,4]|[0,4]|MALFORMED|overlap",
        "[0,4]|[6,10]|MALFORMED|belong to no tensor",
        "[0,4]|[4,12]|MALFORMED|does not fit",
        "[0,4]|[-4,0]|MALFORMED|whole numbers from 0 on",
        "[0,4]|[8,4]|MALFORMED|begin not after end",
        "[0,4]|[4,9223372036854775807]|MALFORMED|does not fit",
        "[0,4]|[4,99999999999999999999]|MALFORMED|whole numbers",
        "[0,4]|[4,1e1]|MALFORMED|whole numbers",
        "[0,4]|4|MALFORMED|no list data_offsets",
        "[0,4]|[4]|MALFORMED|[begin, end]",
        "[8,12]|[4,8]|MALFORMED|belong to no tensor",
      })
  void refusesSafetensorsOffsets(String first, String second, Reason reason, String message)
      throws IOException {
    String json =
        ("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s}}")
            .formatted(first, second);
    assertRefused(withData(json, 8), reason, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[2]|F32|does not fit",
        "[-1]|F32|whole numbers",
        "[4294967296,4294967296]|F32|too many elements",
        "[1,1,1,1,1,1,1,1,1]|F32|at most 8",
        "[1]|F16|does not fit",
        "[1]|COMPLEX|unknown element type 'COMPLEX'",
      })
  void refusesSafetensorsShapes(String shape, String type, String message) throws IOException {
    String json =
        "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[0,4]}}".formatted(type, shape);
    assertThatThrownBy(() -> CheckpointReader.open(withData(json, 4)).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesSafetensorsHeadersThatAreNoHeaders() throws IOException {
    String entry = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    assertRefused(withData("{" + entry + "," + entry + "}", 4), Reason.MALFORMED, "Duplicate");
    assertRefused(withData("{" + entry + "} {}", 4), Reason.MALFORMED, "JSON");
    assertRefused(withData("{" + entry, 4), Reason.MALFORMED, "JSON");
    assertRefused(
        withData("{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}", 0),
        Reason.MALFORMED,
        "nesting depth");
    assertRefused(withData("{" + entry + "}", 3), Reason.TRUNCATED, "ends at byte 4");
    assertRefused(withData("{" + entry + "}", 5), Reason.MALFORMED, "1 bytes at the end");
  }

  @Test
  void refusesZipBombWithoutUnpackingIt() throws IOException {
    // Given: a megabyte of zeros in a kilobyte
    Path file = file();
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(new byte[1 << 20]);
      zip.closeEntry();
    }
    assertRefused(file, Reason.UNSUPPORTED, "'archive/data.pkl' is compressed or encrypted");
  }

  @Test
  void refusesZipEntryThatClaimsMoreThanTheFileHas() throws IOException {
    byte[] bytes = Files.readAllBytes(CheckpointFiles.torchZip(file(), oneTensor()));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int central = buffer.getInt(bytes.length - 6);
    buffer.putInt(central + 20, 1 << 30).putInt(central + 24, 1 << 30);
    assertRefused(write(bytes), Reason.MALFORMED, "points outside the file");
    buffer.putInt(central + 20, 10);
    assertRefused(write(bytes), Reason.UNSUPPORTED, "claim to become");
  }

  @Test
  void refusesZipEntriesOnTopOfOneAnother() throws IOException {
    // Given: every entry of the directory reads the largest one's bytes
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    tensors.put("a", TestTensor.of(TensorType.F32, List.of(4096L), () -> new float[4096]));
    tensors.put("b", TestTensor.of(TensorType.F32, List.of(4096L), () -> new float[4096]));
    byte[] bytes = Files.readAllBytes(CheckpointFiles.torchZip(file(), tensors));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = bytes.length - 22;
    for (int at = buffer.getInt(end + 16), i = 0; i < buffer.getShort(end + 10); i++) {
      buffer.putInt(at + 20, 32_000).putInt(at + 24, 32_000).putInt(at + 42, 0);
      at += 46 + buffer.getShort(at + 28) + buffer.getShort(at + 30) + buffer.getShort(at + 32);
    }
    assertRefused(write(bytes), Reason.MALFORMED, "overlap");
  }

  @Test
  void refusesZipWithOneNameTwice() throws IOException {
    byte[] bytes = Files.readAllBytes(CheckpointFiles.torchZip(file(), twoTensors()));
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("data/1", "data/0");
    assertRefused(
        write(text.getBytes(StandardCharsets.ISO_8859_1)),
        Reason.MALFORMED,
        "'archive/data/0' twice");
  }

  @Test
  void refusesZipThatIsNoCheckpoint() throws IOException {
    Path file = file();
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      CheckpointFiles.store(zip, "readme.txt", new byte[] {1});
    }
    assertRefused(file, Reason.UNKNOWN_FORMAT, "0 entries called data.pkl");
  }

  @Test
  void refusesTorchScript() throws IOException {
    Path file = file();
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      CheckpointFiles.store(zip, "ViT/data.pkl", new PickleWriter().raw('N').stop());
      CheckpointFiles.store(zip, "ViT/constants.pkl", new PickleWriter().raw('N').stop());
    }
    assertRefused(file, Reason.UNSUPPORTED, "TorchScript program");
  }

  @Test
  void refusesEveryTruncationOfEveryForm() throws IOException {
    for (Path whole : everyForm()) {
      byte[] bytes = Files.readAllBytes(whole);
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> read(cut).close())
            .as("%s cut to %d bytes", whole.getFileName(), length)
            .isInstanceOf(CheckpointException.class);
      }
    }
  }

  @Test
  void answersEveryFlippedByteWithTensorsOrARefusal() throws IOException {
    for (Path whole : everyForm()) {
      byte[] bytes = Files.readAllBytes(whole);
      for (int at = 0; at < bytes.length; at++) {
        byte original = bytes[at];
        for (int flip : new int[] {0x01, 0x80, 0xff}) {
          bytes[at] = (byte) (original ^ flip);
          readOrRefuse(bytes);
        }
        bytes[at] = original;
      }
    }
  }

  private List<Path> everyForm() throws IOException {
    return List.of(
        CheckpointFiles.safetensors(folder.resolve("s"), twoTensors()),
        CheckpointFiles.torchZip(folder.resolve("z"), twoTensors()),
        CheckpointFiles.torchLegacy(folder.resolve("l"), twoTensors()));
  }

  private static Checkpoint read(byte[] bytes) {
    return CheckpointReader.read(MemorySegment.ofArray(bytes), Arena.ofConfined());
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, 0, 2", // longer than the storage
    "2, 1, 1, 2", // offset too far
    "2, 9223372036854775807, 0, 2", // stride overflows
    "1099511627776, 0, 0, 2", // a terabyte out of eight bytes
    "-1, 1, 0, 2",
    "2, -1, 1, 2",
    "1, 1, -1, 2",
    "2, 1, 0, 9" // the pickle claims a larger storage than the file has
  })
  void refusesTensorOutsideItsStorage(long size, long stride, long offset, long elements)
      throws IOException {
    TestTensor storage = TestTensor.of(TensorType.F32, List.of(2L), 1f, 2f);
    SequencedMap<String, TestTensor> written = new LinkedHashMap<>();
    written.put("w", storage);
    PickleWriter pickle = new PickleWriter().raw('}').text("w");
    pickle.view(storage.strided(List.of(size), List.of(stride), offset), "0", elements, false);
    assertThatThrownBy(
            () ->
                CheckpointReader.open(
                        CheckpointFiles.torchZip(file(), pickle.raw('s').stop(), written))
                    .close())
        .isInstanceOf(CheckpointException.class)
        .extracting(refused -> ((CheckpointException) refused).reason())
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  void survivesDeepRecursionAndMemoBombs() throws IOException {
    // Given: a list in a list in a list …, and a tuple of twice itself, 60 times over
    PickleWriter deep = new PickleWriter();
    for (int i = 0; i < 200_000; i++) {
      deep.raw(']');
    }
    for (int i = 0; i < 199_999; i++) {
      deep.raw('a');
    }
    PickleWriter bomb = new PickleWriter().text("lol");
    for (int i = 0; i < 60; i++) {
      bomb.raw('2', 0x86);
    }
    PickleWriter itself = new PickleWriter().raw(']', '2', 'a');

    // Then
    for (PickleWriter pickle : List.of(deep, bomb, itself)) {
      assertRefused(
          CheckpointFiles.torchZip(file(), pickle.stop(), new LinkedHashMap<>()),
          Reason.TENSORS_DO_NOT_FIT,
          "no dictionary of named tensors");
    }
  }

  @Test
  void survivesTensorsAndDictionariesThatRepeatOneLongList() throws IOException {
    // Given: a list of 300 000 entries that is the shape of 50 000 tensors
    PickleWriter pickle = new PickleWriter().raw('(');
    for (int i = 0; i < 300_000; i++) {
      pickle.raw('K', 1);
    }
    pickle.raw('l', 'q', 0).global("torch._utils", "_rebuild_tensor_v2").raw('q', 1, '0', '0');
    pickle.storage("FloatStorage", "0", 1, false).raw('q', 2);
    for (int i = 0; i < 50_000; i++) {
      pickle.raw('h', 1, '(', 'h', 2, 'K', 0, 'h', 0, 'h', 0, 't', 'R', '0');
    }
    assertRefused(
        CheckpointFiles.torchZip(file(), pickle.stop(), oneTensor()),
        Reason.MALFORMED,
        "at most 8 sizes");
  }

  @Test
  void refusesEndlessPickle() throws IOException {
    byte[] codes = new byte[2_000_000];
    Arrays.fill(codes, (byte) '(');
    codes[0] = (byte) 0x80;
    codes[1] = 2;
    assertRefused(write(codes), Reason.LIMIT_EXCEEDED, "more than 1000000 codes");
  }

  @Test
  void refusesTextsThatAreTooLong() throws IOException {
    byte[] text = new PickleWriter().raw('X', 0xff, 0xff, 0xff, 0xff).stop();
    byte[] number = new PickleWriter().raw(0x8b, 0xff, 0xff, 0xff, 0x7f).stop();
    byte[] negative = new PickleWriter().raw(0x8b, 0xff, 0xff, 0xff, 0xff).stop();
    assertRefused(write(text), Reason.LIMIT_EXCEEDED, "4294967295 bytes");
    assertRefused(write(number), Reason.LIMIT_EXCEEDED, "at most");
    assertRefused(write(negative), Reason.LIMIT_EXCEEDED, "at most");
  }

  @Test
  void refusesDuplicateNames() throws IOException {
    byte[] pickle = CheckpointFiles.stateDict(twoTensors(), false, name -> "same");
    assertRefused(
        CheckpointFiles.torchZip(file(), pickle, twoTensors()), Reason.MALFORMED, "'same' twice");
  }

  @Test
  void refusesLegacyStorageWithMoreElementsThanTheFile() throws IOException {
    byte[] bytes = Files.readAllBytes(CheckpointFiles.torchLegacy(file(), oneTensor()));
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length - 16, 1L << 61);
    assertRefused(write(bytes), Reason.TRUNCATED, "storage '0'");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(bytes.length - 16, -1);
    assertRefused(write(bytes), Reason.MALFORMED, "-1 elements");
  }

  @Test
  void tellsWhatAFailedDownloadLeft() throws IOException {
    assertRefused(text("<!DOCTYPE html><html>"), Reason.UNKNOWN_FORMAT, "web page");
    assertRefused(
        text("version https://git-lfs.github.com/spec/v1"), Reason.UNKNOWN_FORMAT, "Git LFS");
    assertRefused(text(""), Reason.UNKNOWN_FORMAT, "empty");
    assertRefused(text("hello, world"), Reason.UNKNOWN_FORMAT, "neither");
    assertRefused(folder.resolve("absent.pth"), Reason.FILE_NOT_READABLE, "absent.pth");
    assertRefused(folder, Reason.FILE_NOT_READABLE, "cannot be read");
  }

  @Test
  void messagesShowNoControlCharactersOfTheFile() throws IOException {
    byte[] call = new PickleWriter().global("os\u001b[31m", "x".repeat(500)).stop();
    assertThatThrownBy(() -> CheckpointReader.open(write(call)).close())
        .hasMessageContaining("'os?[31m.xxx")
        .message()
        .hasSizeLessThan(300);
  }

  private static void readOrRefuse(byte[] bytes) {
    try (Checkpoint read = read(bytes)) {
      for (CheckpointTensor tensor : read.tensors()) {
        if (tensor.type().isFloat()) {
          assertThat(tensor.floats().length).isEqualTo((int) tensor.elementCount());
        }
      }
    } catch (CheckpointException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  private static SequencedMap<String, TestTensor> oneTensor() {
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    tensors.put("a", TestTensor.of(TensorType.F32, List.of(2L), 1f, 2f));
    return tensors;
  }

  private static SequencedMap<String, TestTensor> twoTensors() {
    SequencedMap<String, TestTensor> tensors = oneTensor();
    tensors.put("b", TestTensor.of(TensorType.F16, List.of(1L, 2L), 3f, 4f));
    return tensors;
  }

  private Path withData(String json, int length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(CheckpointFiles.safetensorsHeader(json));
    bytes.writeBytes(new byte[length]);
    return write(bytes.toByteArray());
  }

  private Path text(String content) throws IOException {
    return write(content.getBytes(StandardCharsets.US_ASCII));
  }

  private Path write(byte[] bytes) throws IOException {
    Path file = file();
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(bytes);
    }
    return file;
  }

  private Path file() {
    return folder.resolve("weights.bin");
  }

  private static void assertRefused(Path file, Reason reason, String message) {
    assertThatThrownBy(() -> CheckpointReader.open(file).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("Exception")
        .extracting(refused -> ((CheckpointException) refused).reason())
        .isEqualTo(reason);
  }
}
