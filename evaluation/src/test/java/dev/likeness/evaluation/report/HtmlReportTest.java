package dev.likeness.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.evaluation.ImageFolder;
import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.metrics.RetrievalMetrics;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthRules;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HtmlReportTest {
  @TempDir Path temporary;

  @Test
  void framesRightAndWrongAndShowsTheWorstFirst() throws IOException {
    images("query/cat/good.jpg", "query/dog/bad.jpg", "gallery/cat/c.jpg", "gallery/dog/d.png");

    String page = page(ReportOptions.DEFAULT);

    assertThat(page.indexOf("<b>bad.jpg</b>")).isLessThan(page.indexOf("<b>good.jpg</b>"));
    assertThat(page)
        .contains("alt=\"Rank 1: c.jpg, right\"")
        .contains("alt=\"Rank 1: c.jpg, wrong\"")
        .contains("<article data-outcome=\"wrong\">", "<article data-outcome=\"right\">")
        .contains("all 4 images have a preview", "Worst first")
        .contains("0.750");
    assertThat(count(page, "\"data:image/jpeg;base64,")).isEqualTo(4);
  }

  @Test
  void isNeutralWithoutTruth() throws IOException {
    images("query/q.jpg", "gallery/c.jpg");

    String page = page(ReportOptions.DEFAULT);

    assertThat(page)
        .contains(">unknown</p>")
        .contains("<li class=\"\">")
        .doesNotContain("class=\"hit\"", "class=\"miss\"", "data-filter=\"all\"");
  }

  @Test
  void escapesHostileNames() throws IOException {
    images("query/<script>alert(1)<.jpg", "gallery/\"onload='x' &.jpg", "gallery/\u202Egpj.jpg");

    String page = page(ReportOptions.DEFAULT);

    assertThat(page)
        .doesNotContain("<script>alert", "\"onload", "\u202E")
        .contains("&lt;script&gt;alert(1)&lt;.jpg", "&quot;onload=&#39;x&#39; &amp;.jpg");
    assertThat(count(page, "<script")).isEqualTo(2);
  }

  @Test
  void needsNothingFromOutside() throws IOException {
    images("query/q.jpg", "gallery/c.jpg");

    assertThat(page(ReportOptions.DEFAULT))
        .doesNotContain("http://", "https://", "<link", "@import")
        .contains("default-src 'none'");
  }

  @Test
  void showsAPlaceholderForBrokenImages() throws IOException {
    images("query/q.jpg", "gallery/c.jpg");
    new ImageFolder(temporary).text("gallery/broken.jpg", "no image").text("gallery/empty.png", "");
    Files.write(temporary.resolve("gallery/bomb.png"), hugePngHeader());

    String page = page(ReportOptions.DEFAULT);

    assertThat(page).contains("3 images have no preview");
    assertThat(count(page, ">no preview</div>")).isEqualTo(3);
  }

  @Test
  void saysHowManyPreviewsAreShown() throws IOException {
    images("query/q.jpg", "gallery/a.jpg", "gallery/b.jpg", "gallery/c.jpg");

    String page = page(new ReportOptions(32, 2));

    assertThat(page).contains("2 of 4 images have a preview");
    assertThat(count(page, "\"data:image")).isEqualTo(2);
  }

  private void images(String... paths) throws IOException {
    for (String path : paths) {
      Path file = temporary.resolve(path);
      Files.createDirectories(file.getParent());
      boolean png = path.endsWith("png");
      BufferedImage image =
          new BufferedImage(
              300, 200, png ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_BYTE_GRAY);
      ImageIO.write(image, png ? "png" : "jpg", file.toFile());
    }
  }

  private String page(ReportOptions options) throws IOException {
    Dataset dataset = DatasetLayout.read(temporary);
    Truth truth = TruthRules.find(dataset, null);
    SequencedMap<String, List<RankedImage>> answers = new LinkedHashMap<>();
    Map<String, List<String>> names = new LinkedHashMap<>();
    dataset
        .query()
        .forEach(
            query -> {
              answers.put(
                  query.name(),
                  dataset.gallery().stream()
                      .map(image -> new RankedImage(image.name(), 0.75))
                      .toList());
              names.put(
                  query.name(), dataset.gallery().stream().map(image -> image.name()).toList());
            });
    SequencedMap<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("embed", 2.0);
    Path file = temporary.resolve("out/report.html");
    HtmlReport.write(
        file,
        new ReportContent(
            "run-1",
            Instant.EPOCH,
            "mini",
            "f00",
            dataset,
            null,
            truth,
            RetrievalMetrics.measure(names, truth, 10, 1),
            answers,
            seconds,
            List.of()),
        options);
    return Files.readString(file);
  }

  /** The head of a PNG that claims 50,000 × 50,000 pixels. */
  private static byte[] hugePngHeader() {
    java.nio.ByteBuffer png = java.nio.ByteBuffer.allocate(33);
    png.putLong(0x89504E470D0A1A0AL).putInt(13).putInt(0x49484452).putInt(50_000).putInt(50_000);
    png.put(new byte[] {8, 2, 0, 0, 0});
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(png.array(), 12, 17);
    return png.putInt((int) crc.getValue()).array();
  }

  private static long count(String text, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }
}
