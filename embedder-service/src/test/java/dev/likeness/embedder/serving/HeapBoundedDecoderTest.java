package dev.likeness.embedder.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.embedder.TestImages;
import dev.likeness.embedder.failure.ImageRejectedException;
import dev.likeness.embedder.failure.ImageRejectedException.Reason;
import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.image.RgbImage;
import org.junit.jupiter.api.Test;

class HeapBoundedDecoderTest {

  private final HeapBoundedDecoder decoder =
      HeapBoundedDecoder.of(new DecodeLimits(1 << 20, 4_000, 4_000_000), 6_000_000, 2);

  @Test
  void decodesUsualImages() {
    assertThat(decoder.decode(TestImages.png(64, 48), RgbImage::width)).isEqualTo(64);
  }

  @Test
  void decodesImagesThatOnlyFitAlone() {
    HeapBoundedDecoder roomy =
        HeapBoundedDecoder.of(new DecodeLimits(1 << 24, 4_000, 4_000_000), 60_000_000, 100);

    assertThat(roomy.decode(TestImages.png(1_200, 1_000), RgbImage::height)).isEqualTo(1_000);
  }

  @Test
  void rejectsImagesThatDoNotFitTheHeap() {
    assertThatThrownBy(() -> decoder.decode(TestImages.png(1_100, 1_000), RgbImage::width))
        .isInstanceOf(ImageRejectedException.class)
        .extracting(thrown -> ((ImageRejectedException) thrown).reason())
        .isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void rejectsHugeHeadersEmptyAndForeignFiles() {
    assertThat(reasonOf(TestImages.pngHeader(50_000, 50_000))).isEqualTo(Reason.TOO_LARGE);
    assertThat(reasonOf(new byte[0])).isEqualTo(Reason.EMPTY);
    assertThat(reasonOf(TestImages.text())).isEqualTo(Reason.UNSUPPORTED_FORMAT);
    assertThat(reasonOf(TestImages.truncatedJpeg())).isEqualTo(Reason.CORRUPT);
  }

  private Reason reasonOf(byte[] image) {
    try {
      decoder.decode(image, RgbImage::width);
    } catch (ImageRejectedException rejected) {
      return rejected.reason();
    }
    throw new AssertionError("was decoded");
  }
}
