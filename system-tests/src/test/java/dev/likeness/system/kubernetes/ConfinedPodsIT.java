package dev.likeness.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.likeness.trainer.v1.CreateTrainingJobRequest;
import dev.likeness.trainer.v1.FineTuneMethod;
import dev.likeness.trainer.v1.GetTrainingJobRequest;
import dev.likeness.trainer.v1.TrainerServiceGrpc;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import dev.likeness.trainer.v1.TrainingSpec;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The services of the laptop's installation, confined as its pods are and without the broker: what
 * they write lies in volumes, and nothing that they need is missing. Where namespaces may be made.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConfinedPodsIT {

  private static final List<String> SERVICES = List.of("embedder", "index", "trainer", "gateway");
  private static final int PORT_OFFSET = 12_000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Process> pods = new TreeMap<>();
  private Path data;

  @BeforeAll
  void start() throws Exception {
    Assumptions.assumeTrue(ConfinedPod.isPossible(), "only root may make namespaces and mounts");
    Installation laptop = Installation.of(Installation.DIRECTORY.resolve("overlays/laptop"));
    Map<String, ConfinedPod> confined = new TreeMap<>();
    for (Workload workload : laptop.workloads()) {
      if (SERVICES.contains(workload.name())) {
        confined.put(
            workload.name(), new ConfinedPod(workload, laptop, folder, places(workload.name())));
      }
    }
    data = confined.get("gateway").volume("datasets").resolve("drawn");
    draw(data);
    for (String service : SERVICES) {
      pods.put(service, confined.get(service).start(log(service)));
    }
    for (String service : SERVICES) {
      waitUntilReady(service);
    }
  }

  @AfterAll
  void stop() throws InterruptedException {
    pods.values().forEach(Process::destroy);
    for (Process pod : pods.values()) {
      pod.waitFor();
    }
    http.close();
  }

  @Test
  void aRunIsSearchable() throws Exception {
    String body =
        "{\"dataset_path\": \"/data/drawn\", \"encoder\": \"likeness-mini\", \"output_path\": \"/data/out\"}";
    JsonNode run =
        json(
            request("gateway", "/api/v1/runs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    String id = run.path("id").asText();
    while (List.of("QUEUED", "RUNNING").contains(run.path("state").asText())) {
      pause();
      run = json(request("gateway", "/api/v1/runs/" + id));
    }
    assertThat(run.path("state").asText()).as("%s%n%s", run, logs()).isEqualTo("SUCCEEDED");
    assertThat(data.resolveSibling("out").resolve("reports")).isNotEmptyDirectory();

    Path image;
    try (Stream<Path> gallery = Files.list(data.resolve("test/gallery"))) {
      image = gallery.findFirst().orElseThrow();
    }
    JsonNode found =
        json(
            request("gateway", "/api/v1/search?k=3&collection=run-" + id)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofFile(image)));
    assertThat(found.at("/images/0/id").asText()).isEqualTo(image.getFileName().toString());
  }

  @Test
  void aFineTuningPublishesAnEncoder() throws Exception {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", 9003 + PORT_OFFSET).usePlaintext().build();
    try {
      var trainer =
          TrainerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(15, TimeUnit.MINUTES);
      TrainingSpec spec =
          TrainingSpec.newBuilder()
              .setDatasetPath("/data/drawn")
              .setEncoder("likeness-mini")
              .setOutputEncoder("tuned")
              .setFineTune(FineTuneMethod.newBuilder().setTrain("head").setEpochs(1))
              .build();
      TrainingJob job =
          trainer
              .createTrainingJob(CreateTrainingJobRequest.newBuilder().setSpec(spec).build())
              .getJob();
      while (!job.hasEndTime()) {
        pause();
        job =
            trainer
                .getTrainingJob(GetTrainingJobRequest.newBuilder().setId(job.getId()).build())
                .getJob();
      }
      assertThat(job.getState())
          .as("%s%n%s", job, logs())
          .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    } finally {
      channel.shutdownNow();
    }
    assertThat(folder.resolve("volumes/models/tuned")).isNotEmptyDirectory();
    assertThat(folder.resolve("volumes/trainer-cache/javacpp")).isNotEmptyDirectory();
  }

  /** Addresses and ports of this machine in place of the cluster's. */
  private static Map<String, String> places(String service) {
    Map<String, String> places = new HashMap<>();
    places.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    places.put("QUARKUS_GRPC_SERVER_HOST", "127.0.0.1");
    places.put("QUARKUS_HTTP_PORT", port(service, "quarkus.http.port"));
    places.put("QUARKUS_GRPC_SERVER_PORT", port(service, "quarkus.grpc.server.port"));
    for (String peer : List.of("embedder", "index")) {
      String key = "QUARKUS_GRPC_CLIENTS_%s_PORT".formatted(ServiceSource.variable(peer));
      places.put(key, port(peer, "quarkus.grpc.server.port"));
    }
    return places;
  }

  private static String port(String service, String key) {
    String port = new ServiceSource(service).properties().getProperty(key);
    return Integer.toString(Integer.parseInt(port) + PORT_OFFSET);
  }

  private static void draw(Path data) throws Exception {
    ProcessBuilder command =
        new ProcessBuilder(
            Installation.ROOT.toAbsolutePath().normalize().resolve("likeness").toString(),
            "sample",
            data.toString());
    command.environment().put("LIKENESS_BUILD", "never");
    command.environment().put("LIKENESS_HOME", folder.resolve("home").toString());
    command.redirectErrorStream(true).redirectOutput(folder.resolve("sample.log").toFile());
    assertThat(command.start().waitFor()).isZero();
    // as if it had been copied into the volume by a pod
    assertThat(new ProcessBuilder("chown", "-R", "10001:10001", data.toString()).start().waitFor())
        .isZero();
  }

  private void waitUntilReady(String service) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && pods.get(service).isAlive()) {
      try {
        var answer =
            http.send(
                request(service, "/q/health/ready").build(),
                HttpResponse.BodyHandlers.discarding());
        if (answer.statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        // It is starting.
      }
      pause();
    }
    throw new AssertionError(service + " is not ready\n" + logs());
  }

  private JsonNode json(HttpRequest.Builder request) throws Exception {
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as("%s%n%s", answer.body(), logs()).isBetween(200, 299);
    return JSON.readTree(answer.body());
  }

  private static HttpRequest.Builder request(String service, String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port(service, "quarkus.http.port") + path))
        .timeout(PATIENCE);
  }

  private static void pause() {
    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
  }

  private static Path log(String service) {
    return folder.resolve(service + ".log");
  }

  private static String logs() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String service : SERVICES) {
      text.append("== ").append(service).append('\n');
      if (Files.exists(log(service))) {
        text.append(Files.readString(log(service)));
      }
    }
    return text.toString();
  }
}
