package dev.likeness.embedder.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.embedder.TestImages;
import dev.likeness.embedder.TestWeights;
import dev.likeness.embedder.batching.BatchingLimits;
import dev.likeness.embedder.batching.BatchingObserver;
import dev.likeness.embedder.batching.BatchingThreads;
import dev.likeness.embedder.batching.EmbeddedImage;
import dev.likeness.encoders.architecture.Architecture;
import dev.likeness.encoders.architecture.ArchitectureCatalog;
import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.pull.DownloadSettings;
import dev.likeness.encoders.pull.EncoderPull;
import dev.likeness.encoders.pull.PublishedEncoder;
import dev.likeness.encoders.pull.PullProgress;
import dev.likeness.encoders.pull.PullRequest;
import dev.likeness.encoders.pull.PullResult;
import dev.likeness.encoders.pull.WeightDownload;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every network of the catalogue on its whole way: from a file of weights through pull, package,
 * loading, decoding and batching to vectors. The weights are seeded and mean nothing. Large
 * networks take part with {@code -Dlikeness.test.large=true}, one of them with its name.
 */
class EveryEncoderTest {

  private static final double TOLERANCE = 1e-5;
  private static final int IMAGES = 8;

  /** Networks above this many parameters take seconds and gigabytes. */
  private static final long SMALL = 7_000_000;

  @TempDir private Path folder;

  static List<Architecture> architectures() {
    return ArchitectureCatalog.all();
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void givesTheSameVectorsAtEveryBatchSize(Architecture architecture) throws Exception {
    // Given
    String large = System.getProperty("likeness.test.large", "");
    Assumptions.assumeTrue(
        large.equals("true")
            || large.equals(architecture.name())
            || architecture.build().parameterCount() < SMALL,
        "large networks take part with -Dlikeness.test.large=true");
    ModelPackage model = pulled(architecture.name());
    List<byte[]> images = images();

    // When
    long start = System.nanoTime();
    List<EmbeddedImage> alone = embedded(model, images, 1);
    List<EmbeddedImage> threes = embedded(model, images.subList(0, 6), 3);
    List<EmbeddedImage> eights = embedded(model, images, 8);
    double seconds = (System.nanoTime() - start) / 1e9;

    // Then
    double difference = Math.max(difference(alone, threes), difference(alone, eights));
    report(architecture.name(), alone.getFirst().dimension(), difference, seconds);
    assertThat(difference).isLessThanOrEqualTo(TOLERANCE);
    assertThat(largestDifferenceBetweenImages(alone)).isGreaterThan(100 * TOLERANCE);
  }

  private ModelPackage pulled(String name) throws IOException {
    Path weights = TestWeights.safetensors(name, folder.resolve("weights.safetensors"));
    ModelStore store = ModelStore.open(folder.resolve("models"));
    WeightDownload unused = new WeightDownload(DownloadSettings.of(Map.of()), Map.of());
    PullResult result =
        new EncoderPull(store, unused, Clock.systemUTC())
            .run(
                new PullRequest(PublishedEncoder.require(name), weights.toString(), null, null),
                new PullProgress() {
                  @Override
                  public void step(String sentence) {}

                  @Override
                  public void received(long received, OptionalLong total) {}
                });
    assertThat(result.verification().passed()).isTrue();
    Files.delete(weights);
    return result.model();
  }

  /** All images are submitted before the first is decoded, so that batches fill up. */
  private static List<EmbeddedImage> embedded(ModelPackage model, List<byte[]> images, int batch)
      throws Exception {
    List<Runnable> decodings = new ArrayList<>();
    OnnxEncoderLoader loader =
        new OnnxEncoderLoader(
            HeapBoundedDecoder.of(DecodeLimits.DEFAULT, Runtime.getRuntime().maxMemory(), 1),
            RuntimeOptions.ofThreads(2),
            new BatchingLimits(IMAGES, batch, Duration.ofHours(1), 1, 2 * IMAGES),
            new BatchingThreads(
                decodings::add, Runnable::run, (delay, action) -> {}, System::nanoTime),
            name -> BatchingObserver.NONE);
    ServedEncoder encoder = loader.load(model);
    try {
      List<CompletableFuture<EmbeddedImage>> results = new ArrayList<>();
      for (byte[] image : images) {
        results.add(encoder.submit(image, null, WhenFull.REFUSE).orElseThrow());
      }
      for (int i = 0; i < decodings.size(); i++) {
        decodings.get(i).run();
      }
      List<EmbeddedImage> vectors = new ArrayList<>();
      for (CompletableFuture<EmbeddedImage> result : results) {
        vectors.add(result.getNow(null));
      }
      assertThat(vectors).doesNotContainNull();
      assertThat(vectors)
          .extracting(image -> image.timing().batchSize())
          .as("every batch is full")
          .containsOnly(batch);
      return vectors;
    } finally {
      encoder.retire().get();
    }
  }

  /** Real images where there are any. */
  private static List<byte[]> images() throws IOException {
    String named = System.getenv("LIKENESS_ACCEPTANCE_DIR");
    Path data =
        (named != null
                ? Path.of(named)
                : Path.of(System.getProperty("likeness.root", "..")).resolve("../shared"))
            .resolve("data/pacs/test/query");
    if (!Files.isDirectory(data)) {
      return IntStream.range(0, IMAGES).mapToObj(TestImages::jpeg).toList();
    }
    List<byte[]> images = new ArrayList<>();
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.sorted().limit(IMAGES).toList()) {
        images.add(Files.readAllBytes(file));
      }
    }
    return images;
  }

  private static double difference(List<EmbeddedImage> expected, List<EmbeddedImage> actual) {
    double largest = 0;
    for (int i = 0; i < actual.size(); i++) {
      largest = Math.max(largest, difference(expected.get(i), actual.get(i)));
    }
    return largest;
  }

  private static double difference(EmbeddedImage expected, EmbeddedImage actual) {
    assertThat(actual.dimension()).isEqualTo(expected.dimension());
    double largest = 0;
    for (int i = 0; i < expected.dimension(); i++) {
      double difference = Math.abs((double) expected.value(i) - actual.value(i));
      largest = Double.isNaN(difference) ? Double.NaN : Math.max(largest, difference);
    }
    return largest;
  }

  /** A network that ignores its image would pass any comparison of batches. */
  private static double largestDifferenceBetweenImages(List<EmbeddedImage> vectors) {
    return difference(vectors.getFirst(), vectors.getLast());
  }

  private static void report(String name, int dimension, double difference, double seconds)
      throws IOException {
    Path file = Path.of("target", "every-encoder.tsv");
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(
        file,
        String.format(Locale.ROOT, "%s\t%d\t%.1e\t%.1f%n", name, dimension, difference, seconds),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
