package dev.likeness.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.rpc.ErrorInfo;
import dev.likeness.gateway.v1.CompetitionServiceGrpc;
import dev.likeness.gateway.v1.CreateRunRequest;
import dev.likeness.gateway.v1.RunSpec;
import dev.likeness.system.kubernetes.MetricNames;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of the README on the drawn data set, and what they say to bad input. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MainJobIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private LocalPlatform platform;
  private Path data;
  private Path out;
  private JsonNode run;

  @BeforeAll
  void runTheMainJob() {
    platform = LocalPlatform.start(folder.resolve("home"), 2000);
    data = folder.resolve("data");
    out = folder.resolve("out");
    platform.run("sample", data.toString(), "--seed", "1").succeeded();
    run = compete(data, "likeness-mini").succeeded().json();
  }

  @AfterAll
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void aRunLeavesSubmissionRecordAndReport() throws Exception {
    JsonNode submission = JSON.readTree(Path.of(run.get("submission").asText()).toFile());
    assertThat(submission.size()).isEqualTo(run.get("queries").asInt());
    assertThat(submission.elements().next()).hasSize(10);
    JsonNode record = JSON.readTree(Path.of(run.get("record").asText()).toFile());
    assertThat(record.get("run_id").asText()).isEqualTo(run.get("run_id").asText());
    assertThat(record.get("num_epochs").isNull()).isTrue();
    assertThat(Files.readString(Path.of(run.get("report").asText())))
        .contains("<html")
        .doesNotContain("http://", "https://");
    assertThat(Path.of(run.get("submission").asText()).startsWith(out.toRealPath())).isTrue();
  }

  @Test
  void theRunsScoreIsTheScoreOfItsSubmission() {
    JsonNode score =
        platform
            .run(
                "score",
                "--submission",
                run.get("submission").asText(),
                "--labels",
                data.resolve("labels.json").toString(),
                "--json")
            .succeeded()
            .json();
    for (String figure : List.of("top_1", "top_5", "top_10", "precision_at_10", "score")) {
      assertThat(score.get(figure).asDouble())
          .as(figure)
          .isCloseTo(run.get(figure).asDouble(), within(1e-9));
    }
    double chance = 1.0 / 16;
    assertThat(run.get("top_1").asDouble()).isGreaterThan(2 * chance);
  }

  @Test
  void aRepeatedRunGivesTheSameSubmission() throws Exception {
    JsonNode again = compete(data, "likeness-mini").succeeded().json();
    assertThat(Files.readAllBytes(Path.of(again.get("submission").asText())))
        .isEqualTo(Files.readAllBytes(Path.of(run.get("submission").asText())));
  }

  @Test
  void withoutLabelsTheScoreIsUnknown() throws Exception {
    Path unlabelled = copy("unlabelled");
    Files.delete(unlabelled.resolve("labels.json"));
    CommandResult result = compete(unlabelled, "likeness-mini").succeeded();
    assertThat(result.json().get("score").isNull()).isTrue();
    assertThat(result.json().get("top_1").isNull()).isTrue();
  }

  @Test
  void embedsImagesToUnitVectors() throws Exception {
    String image = firstFile(data.resolve("test/query")).toString();
    JsonNode answer =
        platform.run("embed", image, "--encoder", "likeness-mini", "--json").succeeded().json();
    JsonNode vector = answer.get("vectors").get(image);
    assertThat(vector).hasSize(answer.get("dimension").asInt());
    double norm = 0;
    for (JsonNode value : vector) {
      norm += value.asDouble() * value.asDouble();
    }
    assertThat(norm).isCloseTo(1, within(1e-5));
  }

  @Test
  void searchFindsAGalleryImageItself() throws Exception {
    Path image = firstFile(data.resolve("test/gallery"));
    JsonNode found =
        platform
            .run("search", image.toString(), "--in", run.get("run_id").asText(), "--json")
            .succeeded()
            .json();
    assertThat(found.findValuesAsText("id").getFirst()).isEqualTo(image.getFileName().toString());
  }

  @Test
  void exportsWhatAlertsAndDashboardAskFor() throws Exception {
    // Given one call of each kind: some metrics are there once they were needed
    assertThat(platform.get(8080, "/api/v1/runs")).contains(run.get("run_id").asText());
    String image = firstFile(data.resolve("test/gallery")).toString();
    platform.run("search", image, "--in", run.get("run_id").asText()).succeeded();
    Path broken = Files.writeString(folder.resolve("broken.png"), "no image");
    platform.run("embed", broken.toString(), "--encoder", "likeness-mini");

    Set<String> asked = new TreeSet<>(MetricNames.asked());
    asked.remove("likeness_embedder_dropped_total"); // needs a caller who gives up in time

    assertThat(platform.metrics()).containsAll(asked);
  }

  @Test
  void resultsAreAveragedByEncoder() {
    CommandResult table = platform.run("results", out.resolve("results").toString()).succeeded();
    assertThat(table.output()).contains("likeness-mini");
  }

  @Test
  void undecodableImagesCostNothingButThemselves() throws Exception {
    // Given a gallery with broken files and a query that does not decode
    Path broken = copy("broken");
    byte[] jpeg = Files.readAllBytes(firstJpeg(data));
    Path gallery = broken.resolve("test/gallery");
    Files.write(gallery.resolve("a-truncated.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
    Files.writeString(gallery.resolve("b-text.jpg"), "this is not an image");
    Files.write(gallery.resolve("c-huge.png"), pngHeader(50_000, 50_000));
    Path query = broken.resolve("test/query/zz-broken.jpg");
    Files.writeString(query, "neither is this");

    // When
    CommandResult result = compete(broken, "likeness-mini").succeeded();

    // Then every query has its ten names, and the warnings name the files
    JsonNode submission = JSON.readTree(Path.of(result.json().get("submission").asText()).toFile());
    assertThat(submission.get("zz-broken.jpg")).hasSize(10);
    assertThat(submission.toString()).doesNotContain("a-truncated", "b-text", "c-huge");
    assertThat(result.errors() + result.output())
        .contains("a-truncated.jpg", "b-text.jpg", "c-huge.png", "zz-broken.jpg");
  }

  @Test
  void anEmptyGalleryIsAnError() throws Exception {
    Path empty = copy("empty");
    try (Stream<Path> files = Files.list(empty.resolve("test/gallery"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    assertRefused(compete(empty, "likeness-mini"), "DATASET_INVALID", "gallery");
  }

  @Test
  void aMissingDirectoryIsAnError() {
    assertRefused(
        compete(folder.resolve("nowhere"), "likeness-mini"), "DIRECTORY_NOT_FOUND", "nowhere");
  }

  @Test
  void anUnknownEncoderIsAnErrorThatNamesTheKnownOnes() {
    assertRefused(compete(data, "resnet-9000"), "ENCODER_NOT_FOUND", "likeness-mini");
  }

  @Test
  void labelsThatNameUnknownFilesAreAnError() throws Exception {
    Path labels =
        Files.writeString(
            folder.resolve("wrong-labels.json"),
            "{\"query\":{\"who.jpg\":\"a\"},\"gallery\":{\"what.jpg\":\"a\"}}");
    CommandResult result =
        platform.run(
            "compete",
            "--data",
            data.toString(),
            "--encoder",
            "likeness-mini",
            "--labels",
            labels.toString(),
            "--out",
            out.toString(),
            "--json");
    assertRefused(result, "LABELS_INVALID", "who.jpg");
  }

  @Test
  void aFileThatIsNoOnnxModelIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("model.onnx"), "not a model");
    CommandResult result =
        platform.run(
            ("encoders import "
                    + file
                    + " --name nonsense --resize 256 --size 224"
                    + " --filter bilinear --mean 0.5,0.5,0.5 --std 0.5,0.5,0.5 --json")
                .split(" "));
    assertRefused(result, "MODEL_INVALID", "ONNX");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "/", "relative/path", "/proc/self/root/etc"})
  void remoteClientsReachNothingOutsideTheRoots(String path) throws Exception {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", platform.gatewayPort())
            .usePlaintext()
            .build();
    try {
      var request =
          CreateRunRequest.newBuilder()
              .setSpec(RunSpec.newBuilder().setDatasetPath(path).setEncoder("likeness-mini"))
              .build();
      assertThatThrownBy(
              () ->
                  CompetitionServiceGrpc.newBlockingStub(channel)
                      .withDeadlineAfter(2, TimeUnit.MINUTES)
                      .createRun(request))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(reason(e)).isEqualTo("PATH_OUTSIDE_ROOTS"));
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void sendsTheSubmissionInBothForms() {
    try (CompetitionServer server = CompetitionServer.start()) {
      String file = run.get("submission").asText();
      String url = server.url("/submit");
      platform.run("submit", file, "--group", "ours", "--url", url).succeeded();
      platform.run("submit", file, "--group", "ours", "--url", url, "--template").succeeded();
      assertThat(server.received()).hasSize(2);
      assertThat(server.received().get(0).contentType()).startsWith("application/json");
      assertThat(String.valueOf(server.received().get(1).contentType()))
          .doesNotContain("application/json");
      assertThat(server.received().get(1).body().get("images").size())
          .isEqualTo(run.get("queries").asInt());
      CommandResult closed =
          platform.run("submit", file, "--group", "ours", "--url", server.url("/closed/"));
      assertThat(closed.exitCode()).isNotZero();
      assertThat(closed.errors() + closed.output()).contains("The competition is over.");
    }
  }

  @Test
  void anUnreachableServerQueuesTheSubmission() {
    String file = run.get("submission").asText();
    CommandResult result =
        platform.run("submit", file, "--group", "ours", "--url", "http://127.0.0.1:9/", "--json");
    assertThat(result.output() + result.errors()).contains("queued");
  }

  @Test
  void aSilentServerQueuesTheSubmissionAndSaysThatItMayHaveCounted() {
    try (CompetitionServer server = CompetitionServer.start()) {
      CommandResult result =
          platform.run(
              "submit",
              run.get("submission").asText(),
              "--group",
              "ours",
              "--url",
              server.url("/silent/"),
              "--timeout",
              "5",
              "--json");
      assertThat(result.exitCode()).isNotZero();
      assertThat(result.json().get("outcome").asText()).isEqualTo("queued");
      assertThat(result.json().get("error").get("message").asText()).contains("counted");
    }
  }

  private CommandResult compete(Path dataset, String encoder) {
    return platform.run(
        "compete",
        "--data",
        dataset.toString(),
        "--encoder",
        encoder,
        "--out",
        out.toString(),
        "--json");
  }

  private static void assertRefused(CommandResult result, String reason, String said) {
    assertThat(result.exitCode()).as(result::toString).isNotZero();
    assertThat(result.json().get("error").get("reason").asText()).isEqualTo(reason);
    assertThat(result.json().get("error").get("message").asText()).contains(said);
    assertThat(result.output() + result.errors()).doesNotContain("Exception", "\tat ");
  }

  private static String reason(StatusRuntimeException e) {
    return StatusProto.fromThrowable(e).getDetailsList().stream()
        .filter(detail -> detail.is(ErrorInfo.class))
        .map(
            detail -> {
              try {
                return detail.unpack(ErrorInfo.class).getReason();
              } catch (com.google.protobuf.InvalidProtocolBufferException broken) {
                throw new AssertionError(broken);
              }
            })
        .findFirst()
        .orElse("");
  }

  private Path copy(String name) throws Exception {
    Path target = folder.resolve(name);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        Path to = target.resolve(data.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
    return target;
  }

  private static Path firstFile(Path directory) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().findFirst().orElseThrow();
    }
  }

  private static Path firstJpeg(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".jpg"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  /** The signature and header chunk of a PNG of that size, and nothing more. */
  private static byte[] pngHeader(int width, int height) {
    ByteBuffer chunk = ByteBuffer.allocate(17);
    chunk.put("IHDR".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    chunk.putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.array());
    ByteBuffer png = ByteBuffer.allocate(33);
    png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    png.putInt(13).put(chunk.array()).putInt((int) crc.getValue());
    return png.array();
  }
}
