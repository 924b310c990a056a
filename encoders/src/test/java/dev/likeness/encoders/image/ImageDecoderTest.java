package dev.likeness.encoders.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.encoders.image.ImageDecodeException.Reason;
import dev.likeness.encoders.store.Sha256;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {

  private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);

  static List<JsonNode> cases() {
    return PreprocessFixtures.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void decodesAsPillowDoes(JsonNode example) throws Exception {
    // Given
    boolean exif = example.get("exif_orientation_applied").asBoolean();
    byte[] bytes = PreprocessFixtures.bytes("images/" + example.get("image").asText());
    JsonNode expected = example.get("decoded");

    // When
    RgbImage stored = new ImageDecoder(DecodeLimits.DEFAULT).decode(bytes);
    RgbImage image = exif ? ExifOrientation.of(bytes).apply(stored) : stored;

    // Then
    assertThat(image.width()).isEqualTo(expected.get("width").asInt());
    assertThat(image.height()).isEqualTo(expected.get("height").asInt());
    // JPEG decoders may differ by rounding; this one does not on these files.
    assertThat(Sha256.of(image.rgb())).isEqualTo(expected.get("rgb_sha256").asText());
  }

  @Test
  void refusesNoBytes() {
    assertRefused(new byte[0], Reason.EMPTY, "no bytes");
  }

  @Test
  void refusesTextWhateverItsName() {
    assertRefused(ascii("Dear sir, this is a letter."), Reason.UNSUPPORTED_FORMAT, "not a jpg");
    assertRefused(ascii("BMW is a maker of cars, and no bitmap"), Reason.UNSUPPORTED_FORMAT, "");
  }

  @Test
  void refusesHugeHeaderWithoutAllocating() {
    // Given: 50,000 x 50,000 pixels would be 7.5 GB
    byte[] bytes = pngHeader(50_000, 50_000);

    // Then
    assertRefused(bytes, Reason.TOO_LARGE, "50,000");
  }

  @Test
  void refusesMorePixelsThanAllowedWithinTheSides() {
    assertRefused(pngHeader(30_000, 30_000), Reason.TOO_LARGE, "900,000,000 pixels");
  }

  @Test
  void refusesHeaderOfMaximalUnsignedSize() {
    assertRefused(pngHeader(-1, -1), Reason.TOO_LARGE, "4,294,967,295");
    assertRefused(pngHeader(0, 5), Reason.CORRUPT, "0 x 5");
  }

  @Test
  void refusesMoreBytesThanAllowed() throws IOException {
    ImageDecoder small = new ImageDecoder(new DecodeLimits(100, 1000, 1000));
    byte[] bytes = encode(photo(), "png");
    assertThatThrownBy(() -> small.decode(bytes))
        .isInstanceOf(ImageDecodeException.class)
        .hasMessageContaining("at most 100 are read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp", "gif"})
  void readsWhatJavaWrites(String format) throws Exception {
    RgbImage image = decoder.decode(encode(photo(), format));
    assertThat(image.width()).isEqualTo(64);
    assertThat(image.height()).isEqualTo(48);
    assertThat(image.rgb()[0] & 0xFF).isCloseTo(200, within(12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "bmp", "gif"})
  void refusesImagesThatEndEarly(String format) throws IOException {
    byte[] whole = encode(photo(), format);
    for (int percent : new int[] {1, 5, 20, 40, 60, 80, 90}) {
      byte[] part = Arrays.copyOf(whole, Math.max(16, whole.length * percent / 100));
      assertRefused(part, Reason.CORRUPT, "");
    }
  }

  @Test
  void refusesJpegWithoutItsLastRows() {
    byte[] whole = PreprocessFixtures.bytes("images/exif6_240x160.jpg");
    assertRefused(Arrays.copyOf(whole, whole.length - 200), Reason.CORRUPT, "cut short");
  }

  @ParameterizedTest
  @ValueSource(strings = {"images/exif6_240x160.jpg", "images/palette_150x211.png"})
  void damagedBytesNeverGiveAnotherException(String file) {
    byte[] bytes = PreprocessFixtures.bytes(file);
    Random random = new Random(5);
    for (int round = 0; round < 150; round++) {
      byte[] damaged = bytes.clone();
      for (int i = 0; i < 8; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        RgbImage image = decoder.decode(damaged);
        assertThat(image.rgb()).isNotEmpty();
      } catch (ImageDecodeException refused) {
        assertThat(refused.getMessage()).doesNotContain("Exception");
      }
    }
  }

  @Test
  void copiesGraySamplesOfEveryDepth() throws Exception {
    assertThat(firstRow(encode(gray(8, 0, 42, 255), "png"))).containsExactly(0, 42, 255);
    assertThat(firstRow(encode(gray(1, 0, 1, 1), "png"))).containsExactly(0, 255, 255);
    assertThat(firstRow(encode(gray(4, 0, 3, 15), "png"))).containsExactly(0, 51, 255);
  }

  @Test
  void clipsSixteenBitGrayAsPillowDoes() throws Exception {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setPixels(0, 0, 3, 1, new int[] {7, 255, 40_000});
    assertThat(firstRow(encode(image, "png"))).containsExactly(7, 255, 255);
  }

  @Test
  void keepsTheHighByteOfSixteenBitColor() throws Exception {
    assertThat(decoder.decode(png16(0x1234, 0xABCD, 0xFFFF)).rgb())
        .containsExactly(0x12, (byte) 0xAB, (byte) 0xFF);
  }

  @Test
  void readsWebp() throws Exception {
    Base64.Decoder base64 = Base64.getDecoder();
    for (String webp :
        List.of(
            "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA",
            "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")) {
      RgbImage image = decoder.decode(base64.decode(webp));
      assertThat(image.width() * image.height()).isEqualTo(1);
    }
  }

  @Test
  void ignoresColorProfilesOfWebp() throws Exception {
    // Given: the lossless picture above behind a header that announces a profile
    byte[] plain = Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    int padding = profile.length & 1;
    int pictureLength = plain.length - 12;
    ByteBuffer file =
        ByteBuffer.allocate(12 + 18 + 8 + profile.length + padding + pictureLength)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(file.capacity() - 8).put(ascii("WEBP"));
    file.put(ascii("VP8X")).putInt(10).putInt(0x20).put(new byte[6]);
    file.put(ascii("ICCP")).putInt(profile.length).put(profile).put(new byte[padding]);
    file.put(plain, 12, pictureLength);

    // Then
    assertThat(decoder.decode(file.array()).rgb()).isEqualTo(decoder.decode(plain).rgb());
    assertRefused(Arrays.copyOf(file.array(), file.capacity() - 4), Reason.CORRUPT, "cut short");
  }

  @Test
  void ignoresColorProfilesOfJpeg() throws Exception {
    // Given
    byte[] plain = encode(photo(), "jpg");
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    ByteBuffer file = ByteBuffer.allocate(plain.length + profile.length + 18);
    file.put(plain, 0, 2).put(new byte[] {(byte) 0xFF, (byte) 0xE2});
    file.putShort((short) (profile.length + 16)).put(ascii("ICC_PROFILE\0")).put(new byte[] {1, 1});
    file.put(profile).put(plain, 2, plain.length - 2);

    // Then
    assertThat(decoder.decode(file.array()).rgb()).isEqualTo(decoder.decode(plain).rgb());
  }

  @Test
  void namesUnsupportedJpegCompression() throws IOException {
    byte[] bytes = encode(photo(), "jpg");
    int frame = indexOf(bytes, 0xC0);
    bytes[frame] = (byte) 0xC9;
    assertRefused(bytes, Reason.UNSUPPORTED_FORMAT, "compression type 9");
  }

  @Test
  void placesSmallGifFrameOnItsCanvas() throws Exception {
    // Given: a GIF of 64 x 48 whose canvas is said to be 70 x 50
    byte[] bytes = encode(photo(), "gif");
    bytes[6] = 70;
    bytes[8] = 50;

    // When
    RgbImage image = decoder.decode(bytes);

    // Then
    assertThat(image.width()).isEqualTo(70);
    assertThat(image.height()).isEqualTo(50);
    assertThat(image.rgb()[0] & 0xFF).isCloseTo(200, within(12));
  }

  @Test
  void decodesInManyThreadsAtOnce() throws Exception {
    byte[] bytes = PreprocessFixtures.bytes("images/exif6_240x160.jpg");
    String expected = Sha256.of(decoder.decode(bytes).rgb());
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<String>> tasks = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        tasks.add(() -> Sha256.of(decoder.decode(bytes).rgb()));
      }
      for (Future<String> result : threads.invokeAll(tasks)) {
        assertThat(result.get()).isEqualTo(expected);
      }
    }
  }

  private void assertRefused(byte[] bytes, Reason reason, String text) {
    assertThatThrownBy(() -> decoder.decode(bytes))
        .isInstanceOfSatisfying(
            ImageDecodeException.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.getMessage()).contains(text);
            });
  }

  private List<Integer> firstRow(byte[] bytes) throws ImageDecodeException {
    RgbImage image = decoder.decode(bytes);
    List<Integer> values = new ArrayList<>();
    for (int x = 0; x < image.width(); x++) {
      assertThat(image.rgb()[3 * x]).isEqualTo(image.rgb()[3 * x + 2]);
      values.add(image.rgb()[3 * x] & 0xFF);
    }
    return values;
  }

  private static BufferedImage photo() {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 64; x++) {
        image.setRGB(x, y, new Color(200 - x, 100 + y, (x * y) % 90).getRGB());
      }
    }
    return image;
  }

  private static BufferedImage gray(int bits, int... samples) {
    BufferedImage image;
    if (bits == 8) {
      image = new BufferedImage(samples.length, 1, BufferedImage.TYPE_BYTE_GRAY);
    } else {
      int size = 1 << bits;
      byte[] ramp = new byte[size];
      for (int i = 0; i < size; i++) {
        ramp[i] = (byte) (i * 255 / (size - 1));
      }
      IndexColorModel model = new IndexColorModel(bits, size, ramp, ramp, ramp);
      image = new BufferedImage(samples.length, 1, BufferedImage.TYPE_BYTE_BINARY, model);
    }
    image.getRaster().setPixels(0, 0, samples.length, 1, samples);
    return image;
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, out)).isTrue();
    return out.toByteArray();
  }

  private static byte[] pngHeader(int width, int height) {
    return ByteBuffer.allocate(33)
        .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10})
        .putInt(13)
        .put(ascii("IHDR"))
        .putInt(width)
        .putInt(height)
        .put(new byte[] {8, 2, 0, 0, 0})
        .array();
  }

  /** One pixel of three 16-bit samples. */
  private static byte[] png16(int red, int green, int blue) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(zipped)) {
      deflater.write(
          ByteBuffer.allocate(7)
              .put((byte) 0)
              .putShort((short) red)
              .putShort((short) green)
              .putShort((short) blue)
              .array());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(pngHeader(1, 1), 0, 8);
    chunk(
        out,
        "IHDR",
        ByteBuffer.allocate(13).putInt(1).putInt(1).put((byte) 16).put((byte) 2).array());
    chunk(out, "IDAT", zipped.toByteArray());
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String name, byte[] data) {
    CRC32 crc = new CRC32();
    crc.update(ascii(name));
    crc.update(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    out.writeBytes(ascii(name));
    out.writeBytes(data);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }

  private static int indexOf(byte[] bytes, int marker) {
    for (int i = 0; i + 1 < bytes.length; i++) {
      if ((bytes[i] & 0xFF) == 0xFF && (bytes[i + 1] & 0xFF) == marker) {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("no such marker");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
