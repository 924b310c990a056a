package dev.likeness.encoders.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.pull.DownloadException.Reason;
import dev.likeness.encoders.store.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightDownloadTest {

  private static final byte[] CONTENT = content();
  private static final String HASH = Sha256.of(CONTENT);

  @TempDir Path cache;
  private FileServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FileServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void fetchesOnceAndWorksOfflineAfterwards() throws IOException {
    // Given
    String name = "resnet50-%s.pth".formatted(HASH.substring(0, 8));
    server.on("/" + name, FileServer.file(CONTENT));
    WeightSource source = new WeightSource.Torchvision(name);

    // When
    DownloadedFile first = download().fetch(source, DownloadProgress.NONE);
    server.close();
    DownloadedFile second = download().fetch(source, DownloadProgress.NONE);

    // Then
    assertThat(Files.readAllBytes(first.path())).isEqualTo(CONTENT);
    assertThat(first.name()).isEqualTo(name);
    assertThat(first.sha256()).isEqualTo(HASH);
    assertThat(first.checked()).isTrue();
    assertThat(first.fromCache()).isFalse();
    assertThat(second.path()).isEqualTo(first.path());
    assertThat(second.checked()).isTrue();
    assertThat(second.fromCache()).isTrue();
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void resumesWhereTheConnectionBroke() throws IOException {
    // Given: at most 100 000 of 250 000 bytes per connection
    server.on("/weights.bin", server.cutFile(CONTENT, 100_000));
    List<Long> received = new ArrayList<>();

    // When
    DownloadedFile file =
        download()
            .fetch(
                address("weights.bin"),
                (bytes, total) -> {
                  assertThat(total).isEqualTo(OptionalLong.of(CONTENT.length));
                  received.add(bytes);
                  server.received(bytes);
                });

    // Then
    assertThat(Files.readAllBytes(file.path())).isEqualTo(CONTENT);
    assertThat(server.headers("Range")).containsExactly("null", "bytes=100000-", "bytes=200000-");
    assertThat(received).isSorted().endsWith((long) CONTENT.length);
  }

  @Test
  void resumesInALaterRun() throws IOException {
    // Given: a disk that takes 100 000 bytes
    server.on("/weights.bin", FileServer.file(CONTENT));
    assertThatThrownBy(
            () ->
                new WeightDownload(settings(), Map.of(), entry -> quota(entry, 100_000))
                    .fetch(address("weights.bin"), DownloadProgress.NONE))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("the same command resumes")
        .extracting(failed -> ((DownloadException) failed).reason())
        .isEqualTo(Reason.STORAGE_FAILED);

    // When
    DownloadedFile file = download().fetch(address("weights.bin"), DownloadProgress.NONE);

    // Then
    assertThat(Files.readAllBytes(file.path())).isEqualTo(CONTENT);
    assertThat(server.headers("Range").getLast()).matches("bytes=[1-9]\\d*-");
  }

  @Test
  void startsAnewWhenTheFileChangedBetweenAttempts() throws IOException {
    // Given: half of another version
    byte[] other = new byte[CONTENT.length];
    server.on("/weights.bin", FileServer.file(other));
    assertThatThrownBy(
            () ->
                new WeightDownload(settings(), Map.of(), entry -> quota(entry, 100_000))
                    .fetch(address("weights.bin"), DownloadProgress.NONE))
        .isInstanceOf(DownloadException.class);
    server.close();
    URI before = server.base();
    server = new FileServer();
    server.on("/weights.bin", FileServer.file(CONTENT, "\"two\""));

    // When: the same address, another server behind it
    WeightDownload throughProxy =
        new WeightDownload(settings(), Map.of("http_proxy", server.base().toString()));
    server.on("/", FileServer.file(CONTENT, "\"two\""));
    DownloadedFile file =
        throughProxy.fetch(
            new WeightSource.Address(before.resolve("weights.bin")), DownloadProgress.NONE);

    // Then
    assertThat(Files.readAllBytes(file.path())).isEqualTo(CONTENT);
  }

  @Test
  void takesAPartThatIsWholeAlready() throws IOException {
    // Given: a run that ended between the last byte and the name
    server.on("/weights.bin", FileServer.file(CONTENT));
    CacheEntry entry = CacheEntry.of(cache, server.base().resolve("weights.bin"));
    entry.lock().close();
    entry.startPart(Optional.of("\"one\""));
    Files.write(entry.part(), CONTENT);

    // When
    DownloadedFile file = download().fetch(address("weights.bin"), DownloadProgress.NONE);

    // Then
    assertThat(file.sha256()).isEqualTo(HASH);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void dropsAConnectionThatStandsStillAndResumes() throws IOException {
    // Given: 150 000 of 250 000 bytes per connection, and attempts that may bring nothing in time
    server.on("/weights.bin", server.stalling(CONTENT, 150_000));
    DownloadSettings settings = settings(Duration.ofSeconds(1), 1000);

    // When
    DownloadedFile file =
        new WeightDownload(settings, Map.of()).fetch(address("weights.bin"), DownloadProgress.NONE);

    // Then
    assertThat(Files.readAllBytes(file.path())).isEqualTo(CONTENT);
    assertThat(server.headers("Range")).hasSizeGreaterThan(1).first().isEqualTo("null");
    assertThat(server.headers("Range").getLast()).matches("bytes=1\\d{5}-");
  }

  @Test
  void givesUpOnAServerThatNeverSendsAnything() {
    server.on("/weights.bin", server.stalling(CONTENT, 0));
    assertThatThrownBy(
            () ->
                new WeightDownload(settings(Duration.ofMillis(50), 3), Map.of())
                    .fetch(address("weights.bin"), DownloadProgress.NONE))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining("cannot be fetched")
        .hasMessageContaining("0 bytes are kept")
        .extracting(failed -> ((DownloadException) failed).reason())
        .isEqualTo(Reason.UNREACHABLE);
  }

  @Test
  void givesUpOnAServerThatNeverGetsFartherAndCannotResume() {
    server.on("/weights.bin", server.hopeless(CONTENT, 1000));
    assertReason(Reason.UNREACHABLE, "weights.bin", "cannot be fetched");
    assertThat(server.requests()).as("one that gets farther and three that do not").hasSize(4);
  }

  @Test
  void refusesAndForgetsBytesWithAnotherHash() throws IOException {
    // Given
    server.on("/resnet50-00000000.pth", FileServer.file(CONTENT));

    // Then
    assertReason(Reason.WRONG_HASH, "resnet50-00000000.pth", HASH + ", published is 00000000");
    try (var files = Files.walk(cache)) {
      assertThat(files.filter(Files::isRegularFile).map(path -> path.getFileName().toString()))
          .containsExactly(".lock");
    }
  }

  @Test
  void comparesWithTheHashThatHuggingFaceStatesInTheRedirect() throws IOException {
    // Given
    server.on(
        "/openai/clip/resolve/main/model.safetensors",
        exchange -> {
          exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + HASH + "\"");
          FileServer.redirect("/storage").to(exchange);
        });
    server.on("/storage", FileServer.file(CONTENT));

    // When
    DownloadedFile file =
        download().fetch(new WeightSource.HuggingFace("openai/clip"), DownloadProgress.NONE);

    // Then
    assertThat(file.checked()).isTrue();
    assertThat(file.name()).isEqualTo("model.safetensors");
  }

  @Test
  void refusesBytesThatHuggingFaceDidNotPublish() {
    server.on(
        "/model.bin",
        exchange -> {
          exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + "0".repeat(64) + "\"");
          FileServer.file(CONTENT).to(exchange);
        });
    assertReason(Reason.WRONG_HASH, "model.bin", "published is 0000");
  }

  @Test
  void takesEightDigitsForADateOutsideOfTorchvision() throws IOException {
    try (FileServer elsewhere = new FileServer()) {
      elsewhere.on("/weights-20240131.pth", FileServer.file(CONTENT));
      URI address = elsewhere.base().resolve("weights-20240131.pth");
      DownloadedFile file =
          download().fetch(new WeightSource.Address(address), DownloadProgress.NONE);
      assertThat(file.checked()).isFalse();
    }
  }

  @Test
  void remembersThatThereWasNoHashToCompareWith() {
    server.on("/weights.pth", FileServer.file(CONTENT));
    WeightSource source = new WeightSource.Address(server.base().resolve("weights.pth"));
    DownloadedFile first = download().fetch(source, DownloadProgress.NONE);
    assertThat(first.checked()).isFalse();

    DownloadedFile second = download().fetch(source, DownloadProgress.NONE);

    assertThat(second.fromCache()).isTrue();
    assertThat(second.sha256()).isEqualTo(HASH);
    assertThat(second.checked()).isFalse();
  }

  @Test
  void triesTheOtherFileOfARepository() {
    server.on("/some/repository/resolve/main/model.safetensors", FileServer.status(404));
    server.on("/some/repository/resolve/main/pytorch_model.bin", FileServer.file(CONTENT));
    DownloadedFile file =
        download().fetch(new WeightSource.HuggingFace("some/repository"), DownloadProgress.NONE);
    assertThat(file.name()).isEqualTo("pytorch_model.bin");
    assertThat(file.checked()).isFalse();
  }

  @Test
  void sendsTheTokenToItsOwnServerOnly() throws IOException {
    // Given
    try (FileServer storage = new FileServer()) {
      storage.on("/stored", FileServer.file(CONTENT));
      String elsewhere = storage.base().resolve("stored?signature=secret").toString();
      server.on("/a/b/resolve/main/model.safetensors", FileServer.redirect("/moved"));
      server.on("/moved", FileServer.redirect(elsewhere));

      // When
      DownloadedFile file =
          download().fetch(new WeightSource.HuggingFace("a/b"), DownloadProgress.NONE);

      // Then
      assertThat(server.headers("Authorization"))
          .containsExactly("Bearer hf_secret", "Bearer hf_secret");
      assertThat(storage.headers("Authorization")).containsExactly("null");
      assertThat(file.source()).doesNotContain("secret");
    }
  }

  @Test
  void keepsTheTokenFromAddressesThatAreNotHuggingFace() throws IOException {
    try (FileServer elsewhere = new FileServer()) {
      elsewhere.on("/weights.bin", FileServer.file(CONTENT));
      URI address = elsewhere.base().resolve("weights.bin");
      assertThat(
              download().fetch(new WeightSource.Address(address), DownloadProgress.NONE).sha256())
          .isEqualTo(HASH);
      assertThat(elsewhere.headers("Authorization")).containsExactly("null");
    }
  }

  @Test
  void usesTheProxyOfTheEnvironment() throws IOException {
    // Given: a host that exists nowhere; the proxy is asked with the whole address
    server.on("/", FileServer.file(CONTENT));
    URI address = URI.create("http://weights.invalid/model.bin");
    Map<String, String> environment = Map.of("HTTP_PROXY", server.base().toString());

    // When
    DownloadedFile file =
        new WeightDownload(settings(), environment)
            .fetch(new WeightSource.Address(address), DownloadProgress.NONE);

    // Then
    assertThat(file.sha256()).isEqualTo(HASH);
    assertThat(server.requests().getFirst().getRequestURI()).isEqualTo(address);
  }

  @Test
  void saysWhatTheServerAnswers() {
    server.on("/gone.bin", FileServer.status(404));
    server.on("/gated.bin", FileServer.status(401));
    server.on("/teapot.bin", FileServer.status(418));
    server.on("/busy.bin", FileServer.status(503));
    assertReason(Reason.NOT_FOUND, "gone.bin", "does not exist (status 404)");
    assertReason(Reason.ACCESS_DENIED, "gated.bin", "set HF_TOKEN");
    assertReason(Reason.UNEXPECTED_ANSWER, "teapot.bin", "status 418");
    assertReason(Reason.UNREACHABLE, "busy.bin", "status 503");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://host/x", "http:///x", "/loop.bin"})
  void followsNoRedirectThatLeadsAstray(String location) {
    server.on("/loop.bin", FileServer.redirect(location));
    assertReason(Reason.UNEXPECTED_ANSWER, "loop.bin", "redirects");
  }

  @Test
  void fetchesAnewWhenTheCachedFileIsDamaged() throws IOException {
    server.on("/weights.bin", FileServer.file(CONTENT));
    DownloadedFile first = download().fetch(address("weights.bin"), DownloadProgress.NONE);
    Files.writeString(first.path(), "damaged");
    DownloadedFile second = download().fetch(address("weights.bin"), DownloadProgress.NONE);
    assertThat(second.fromCache()).isFalse();
    assertThat(Files.readAllBytes(second.path())).isEqualTo(CONTENT);
  }

  @Test
  void letsSeveralThreadsShareOneDownload() throws Exception {
    server.on("/weights.bin", FileServer.file(CONTENT));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<DownloadedFile> fetch =
          () -> download().fetch(address("weights.bin"), DownloadProgress.NONE);
      for (Future<DownloadedFile> file : threads.invokeAll(List.of(fetch, fetch, fetch, fetch))) {
        assertThat(file.get().sha256()).isEqualTo(HASH);
      }
    }
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void usesASafeNameForAnOddAddress() {
    server.on("/", FileServer.file(CONTENT));
    URI address = URI.create(server.base() + "a/%2e%2e%2fpasswd");
    DownloadedFile file =
        download().fetch(new WeightSource.Address(address), DownloadProgress.NONE);
    assertThat(file.path().normalize()).startsWith(cache);
  }

  private WeightDownload download() {
    return new WeightDownload(settings(), Map.of());
  }

  private DownloadSettings settings() {
    return settings(Duration.ofMinutes(1), 3);
  }

  private DownloadSettings settings(Duration stall, int attempts) {
    return new DownloadSettings(
        server.base(),
        Optional.of("hf_secret"),
        server.base(),
        cache,
        stall,
        attempts,
        Duration.ZERO);
  }

  private WeightSource address(String path) {
    return new WeightSource.Address(server.base().resolve(path));
  }

  private void assertReason(Reason reason, String path, String message) {
    assertThatThrownBy(
            () -> download().fetch(address(path), (bytes, total) -> server.received(bytes)))
        .isInstanceOf(DownloadException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("Exception")
        .extracting(failed -> ((DownloadException) failed).reason())
        .isEqualTo(reason);
  }

  /** A disk that is full after some bytes. */
  private static OutputStream quota(CacheEntry entry, int limit) throws IOException {
    OutputStream out = entry.append();
    return new OutputStream() {
      private int written;

      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (written + length > limit) {
          throw new IOException("No space left on device");
        }
        written += length;
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }

  private static byte[] content() {
    byte[] content = new byte[250_000];
    new Random(7).nextBytes(content);
    return content;
  }
}
