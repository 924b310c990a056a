package dev.likeness.encoders.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.preprocess.Orientation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderCardTest {

  private static final String HASH = "ab".repeat(32);
  private final EncoderCard card =
      TestDrafts.card("shoes", new WeightFiles(HASH, Map.of("w.bin", HASH)), "job-1");

  @Test
  void survivesItsFile() throws IOException {
    assertThat(CardFile.parse(CardFile.toBytes(card))).isEqualTo(card);
  }

  @Test
  void toleratesFieldsOfLaterPrograms() throws IOException {
    String json = text().replaceFirst("\\{", "{ \"laterField\": [1, 2],");
    assertThat(parse(json)).isEqualTo(card);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dimension", "outputTensor", "cropSize", "golden", "onnxSha256"})
  void namesEachMissingField(String field) {
    String json = text().replace("\"" + field + "\"", "\"unknown\"");
    assertThatThrownBy(() -> parse(json)).hasMessageContaining(field);
  }

  @Test
  void refusesLaterFormats() {
    String json = text().replace("\"formatVersion\" : 1", "\"formatVersion\" : 2");
    assertThatThrownBy(() -> parse(json)).hasMessageContaining("formatVersion is 2");
  }

  @Test
  void refusesGoldenVectorOfAnotherDimension() {
    String json = text().replace("\"dimension\" : 2", "\"dimension\" : 3");
    assertThatThrownBy(() -> parse(json)).hasMessageContaining("dimension is 3");
  }

  @Test
  void fingerprintIsThatOfTheDocumentedLines() {
    String lines =
        """
        likeness-fingerprint 1
        onnx %1$s
        data w.bin %1$s
        input input
        output embedding
        preprocess 256 224 BILINEAR ROUND_HALF_EVEN RGB
        mean 3ef851ec 3ee978d5 3ecfdf3b
        std 3e6a7efa 3e656042 3e666666
        normalization L2
        one-by-one false
        """
            .formatted(HASH);
    assertThat(card.fingerprint().value())
        .isEqualTo(Sha256.of(lines.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void orientationIsInTheFingerprintOnlyWhereItTurnsImages() throws IOException {
    String old = text().replaceFirst(",\\s*\"orientation\" : \"STORED\"", "");
    EncoderCard turned = parse(text().replace("\"STORED\"", "\"EXIF\""));

    assertThat(old).doesNotContain("orientation");
    assertThat(parse(old)).isEqualTo(card);
    assertThat(turned.preprocess().orientation()).isEqualTo(Orientation.EXIF);
    assertThat(turned.fingerprint()).isNotEqualTo(card.fingerprint());
  }

  @Test
  void fingerprintLeavesOutWhatChangesNoVector() {
    EncoderCard renamed = TestDrafts.card("hats", card.weights(), "job-2");
    EncoderCard otherWeights =
        TestDrafts.card("shoes", new WeightFiles("cd".repeat(32), null), "job-1");
    assertThat(renamed.fingerprint()).isEqualTo(card.fingerprint());
    assertThat(otherWeights.fingerprint()).isNotEqualTo(card.fingerprint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "../x", "a/b", "Shoes", "-x", ".x", "a b", "ü", "a\u0000", "a\n"})
  void refusesNamesThatAreNoFolderNames(String name) {
    assertThatThrownBy(() -> new EncoderName(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesNamesOfMoreThan64Letters() {
    assertThat(new EncoderName("a".repeat(64)).value()).hasSize(64);
    assertThatThrownBy(() -> new EncoderName("a".repeat(65))).hasMessageContaining("1 to 64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/etc/passwd", "../x", "a/../../x", "..", "a\\b", "encoder.json", "./x"})
  void refusesDataFilesOutsideThePackage(String location) {
    assertThatThrownBy(() -> WeightFiles.checkLocation(location))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String text() {
    return new String(CardFile.toBytes(card), StandardCharsets.UTF_8);
  }

  private static EncoderCard parse(String json) throws IOException {
    return CardFile.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
