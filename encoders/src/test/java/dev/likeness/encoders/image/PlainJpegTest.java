package dev.likeness.encoders.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.AcceptanceData;
import dev.likeness.encoders.jpeg.BaselineDecoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick decoder of plain JPEG files says what the full one says, or nothing. */
class PlainJpegTest {

  private static final List<Integer> SIZES = List.of(1, 5, 8, 17, 33, 130, 290);

  private final BaselineDecoder quick = new BaselineDecoder();
  private final ImageDecoder both = new ImageDecoder(DecodeLimits.DEFAULT);
  private final ImageDecoder full =
      new ImageDecoder(DecodeLimits.DEFAULT, unused -> Optional.empty());
  private final Random random = new Random(41);

  @ParameterizedTest
  @CsvSource({"1,1,0", "2,1,0", "2,2,0", "1,1,3", "2,1,1", "2,2,5"})
  void decodesEverySizeAndQualityToTheSameBytes(int horizontal, int vertical, int restart)
      throws Exception {
    JpegExamples examples = new JpegExamples(horizontal, vertical, restart, false);
    for (int width : SIZES) {
      for (int height : SIZES) {
        float quality = random.nextInt(21) / 20f;
        byte[] file = examples.encode(JpegExamples.drawing(width, height, false, random), quality);
        Optional<byte[]> rgb = quick.decode(file);
        assertThat(rgb.isPresent())
            .as("%d x %d", width, height)
            .isEqualTo(horizontal == 1 || width > 4);
        if (rgb.isPresent()) {
          assertThat(rgb.get())
              .as("%d x %d, quality %s", width, height, quality)
              .isEqualTo(full.decode(file).rgb());
        }
      }
    }
  }

  @Test
  void decodesGrayToTheSameBytes() throws Exception {
    for (int width : SIZES) {
      byte[] file =
          JpegExamples.sampled(1, 1)
              .encode(JpegExamples.drawing(width, 40, true, random), random.nextFloat());
      assertThat(quick.decode(file)).contains(full.decode(file).rgb());
    }
  }

  @Test
  void leavesOtherKindsToTheFullDecoder() throws Exception {
    BufferedImage image = JpegExamples.drawing(64, 48, false, random);
    assertThat(quick.decode(JpegExamples.sampled(1, 2).encode(image, 0.8f))).isEmpty();
    assertThat(quick.decode(JpegExamples.sampled(4, 1).encode(image, 0.8f))).isEmpty();
    byte[] progressive = new JpegExamples(2, 2, 0, true).encode(image, 0.8f);
    assertThat(quick.decode(progressive)).isEmpty();
    assertThat(both.decode(progressive).width()).isEqualTo(64);
  }

  @Test
  void readsFactorsOfTwoBytes() throws Exception {
    // Given: the first quantisation table written with two bytes per factor
    byte[] file =
        JpegExamples.sampled(2, 2).encode(JpegExamples.drawing(50, 40, false, random), 0.7f);
    int at = indexOf(file, 0xDB);
    ByteArrayOutputStream wide = new ByteArrayOutputStream();
    wide.write(file, 0, at);
    wide.writeBytes(new byte[] {(byte) 0xFF, (byte) 0xDB, 0, (byte) 131, 0x10});
    for (int i = 0; i < 64; i++) {
      wide.write(0);
      wide.write(file[at + 5 + i]);
    }
    wide.write(file, at + 69, file.length - at - 69);

    // Then
    assertThat(quick.decode(wide.toByteArray())).contains(full.decode(wide.toByteArray()).rgb());
  }

  private static int indexOf(byte[] file, int marker) {
    int at = 2;
    while ((file[at + 1] & 0xFF) != marker) {
      at += 2 + ((file[at + 2] & 0xFF) << 8 | (file[at + 3] & 0xFF));
    }
    return at;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void damagedFilesAreTakenOrRefusedAsByTheFullDecoder(boolean header) throws Exception {
    for (int round = 0; round < 400; round++) {
      JpegExamples examples =
          new JpegExamples(
              1 + random.nextInt(2),
              1 + random.nextInt(2),
              random.nextInt(4),
              random.nextInt(9) == 0);
      BufferedImage image =
          JpegExamples.drawing(
              1 + random.nextInt(60), 1 + random.nextInt(60), random.nextInt(5) == 0, random);
      byte[] file = examples.encode(image, random.nextFloat());
      int end = header ? Math.min(file.length, 700) : file.length;
      for (int i = random.nextInt(header ? 3 : 12); i >= 0; i--) {
        int at = 2 + random.nextInt(end - 2);
        file[at] ^= (byte) (1 << random.nextInt(8));
      }
      assertThat(outcome(both, file)).isEqualTo(outcome(full, file));
    }
  }

  @Test
  void filesCutAnywhereAreRefusedAsByTheFullDecoder() throws Exception {
    byte[] file =
        new JpegExamples(2, 2, 2, false).encode(JpegExamples.drawing(40, 40, false, random), 0.6f);
    for (int length = 3; length < file.length; length++) {
      byte[] part = Arrays.copyOf(file, length);
      assertThat(quick.decode(part)).isEmpty();
      assertThat(outcome(both, part)).isEqualTo(outcome(full, part));
    }
  }

  @Test
  void bytesOfNoMeaningAreNoPicture() {
    for (int round = 0; round < 5_000; round++) {
      byte[] file = new byte[random.nextInt(300)];
      random.nextBytes(file);
      assertThat(quick.decode(file)).isEmpty();
    }
  }

  @Test
  void aSmallFileThatStatesManyPixelsAllocatesNothing() throws Exception {
    // Given: a header of 65,500 x 65,500 pixels before the data of 16 x 16
    byte[] file =
        JpegExamples.sampled(1, 1).encode(JpegExamples.drawing(16, 16, false, random), 0.5f);
    int frame = indexOf(file, 0xC0);
    Arrays.fill(file, frame + 5, frame + 9, (byte) 0xFE);

    // Then: 12 GB would not fit
    assertThat(quick.decode(file)).isEmpty();
  }

  @Test
  void decodesRealPhotosToTheSameBytes() throws Exception {
    Path data = AcceptanceData.require("data");
    List<Path> photos;
    try (Stream<Path> found = Files.walk(data)) {
      photos = found.filter(path -> path.toString().endsWith(".jpg")).sorted().toList();
    }
    for (Path photo : photos) {
      byte[] file = Files.readAllBytes(photo);
      byte[] rgb = quick.decode(file).orElseThrow();
      assertThat(Arrays.equals(rgb, full.decode(file).rgb())).as(photo.toString()).isTrue();
    }
  }

  /** The pixels, or why there are none. */
  private static String outcome(ImageDecoder decoder, byte[] file) {
    try {
      RgbImage image = decoder.decode(file);
      return image.width() + " x " + image.height() + ": " + Arrays.hashCode(image.rgb());
    } catch (ImageDecodeException refused) {
      return refused.getMessage();
    }
  }
}
