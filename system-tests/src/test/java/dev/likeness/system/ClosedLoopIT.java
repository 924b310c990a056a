package dev.likeness.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.likeness.events.v1.ModelPublished;
import dev.likeness.gateway.v1.Gallery;
import dev.likeness.gateway.v1.GalleryServiceGrpc;
import dev.likeness.gateway.v1.GetGalleryRequest;
import dev.likeness.gateway.v1.SearchByImageRequest;
import dev.likeness.gateway.v1.SearchByImageResponse;
import dev.likeness.gateway.v1.SearchServiceGrpc;
import dev.likeness.system.LocalPlatform.ServiceName;
import dev.likeness.trainer.v1.ListTrainingJobsRequest;
import dev.likeness.trainer.v1.TrainerServiceGrpc;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The closed loop, again and again: new images → job → version → gallery, while its processes are
 * killed in turn and a client searches all the time, by a filter on attributes. {@code
 * -Dlikeness.test.soak=true} kills each process ten times, each time a little later.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClosedLoopIT {

  private static final String ENCODER = "loop";
  private static final String GALLERY = "all";
  private static final double RECALL = 0.97;
  private static final List<ServiceName> VICTIMS =
      List.of(ServiceName.TRAINER, ServiceName.KAFKA, ServiceName.EMBEDDER, ServiceName.GATEWAY);
  private static final int ROUNDS = Boolean.getBoolean("likeness.test.soak") ? 10 : 1;

  @TempDir static Path folder;
  private LocalPlatform platform;
  private Path data;
  private int added;

  @BeforeAll
  void start() throws Exception {
    // A search waits for a service that restarts; how long that takes is not what is tested.
    platform =
        LocalPlatform.start(folder.resolve("home"), 6000, "-Dlikeness.gateway.search-patience=10m");
    data = folder.resolve("data");
    platform.run("sample", data.toString(), "--seed", "5").succeeded();
    price(0);
    whiten("likeness-mini", ENCODER);
    platform
        .run("gallery", "create", GALLERY, "--images", data.toString(), "--encoder", ENCODER)
        .succeeded();
    platform
        .run("gallery", "engine", GALLERY, "graph", "--recall", Double.toString(RECALL))
        .succeeded();
    platform
        .run(
            "dataset",
            "watch",
            "--data",
            data.toString(),
            "--encoder",
            "likeness-mini",
            "--as",
            ENCODER,
            "--whitening",
            "--min-new-images",
            "2",
            "--cool-down",
            "0s")
        .succeeded();
  }

  /** Each gallery image gets a price, one more than the one before. */
  private void price(int first) throws Exception {
    StringBuilder lines = new StringBuilder("file,price\n");
    int price = first;
    for (String image : galleryImages()) {
      lines.append(image).append(',').append(price++).append('\n');
    }
    Files.writeString(data.resolve("attributes.csv"), lines);
  }

  private List<String> galleryImages() throws Exception {
    try (Stream<Path> images = Files.walk(data.resolve("test/gallery"))) {
      return images
          .filter(Files::isRegularFile)
          .map(image -> image.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @AfterAll
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  private void whiten(String encoder, String name) {
    platform
        .run("fit-whitening", "--data", data.toString(), "--encoder", encoder, "--as", name)
        .succeeded();
  }

  @Test
  void everyGrowthEndsInOneVersionThatIsSearchedWhateverIsKilled() throws Exception {
    int version = 1;
    try (Searcher searcher = new Searcher(platform, query())) {
      for (int round = 0; round < ROUNDS; round++) {
        for (ServiceName victim : VICTIMS) {
          version++;
          grow();
          waitForTheMomentOf(victim, version, round);
          platform.kill(victim);
          platform.run("up").succeeded();
          waitForGallery(version);
        }
      }
      assertThat(searcher.failures()).as(platform::logs).isEmpty();
      assertThat(searcher.answers()).isPositive();
      assertEachGenerationIsSearchedAsChosen();

      // a roll-back is followed without embedding, and searched as well
      JsonNode back = platform.run("models", "rollback", ENCODER, "--json").succeeded().json();
      assertThat(back.get("version").asInt()).isEqualTo(version - 1);
      waitForGallery(version - 1);
      assertThat(searcher.failures()).isEmpty();
    }
    assertChangedAttributesAreSearched();
    assertOneJobAndOneEventForEachVersion(version);
  }

  /** Chosen once, for the first generation. */
  private void assertEachGenerationIsSearchedAsChosen() {
    JsonNode engine = platform.run("gallery", "engine", GALLERY, "--json").succeeded().json();
    assertThat(engine.get("chosen").asText()).isEqualTo("graph");
    assertThat(engine.get("target_recall").asDouble()).isEqualTo(RECALL);
  }

  /** The same images with other prices, without embedding them again. */
  private void assertChangedAttributesAreSearched() throws Exception {
    price(-10);
    JsonNode gallery = platform.run("gallery", "update", GALLERY, "--json").succeeded().json();
    assertThat(gallery.at("/serving/attributes/described").asInt())
        .isEqualTo(galleryImages().size());
    JsonNode found =
        platform
            .run(
                "search",
                queryFile().toString(),
                "--in",
                GALLERY,
                "--filter",
                "price < 0 and file != '%s'".formatted(galleryImages().getFirst()),
                "--json")
            .succeeded()
            .json();
    assertThat(found.get("matching_count").asInt()).isEqualTo(9);
    assertThat(found.get("images")).hasSize(9);
    assertThat(found.at("/images/0/attributes/price").asDouble()).isNegative();
  }

  /** Two images more, and the word that they are there. */
  private void grow() throws Exception {
    Path image;
    try (Stream<Path> images = Files.walk(data.resolve("training"))) {
      image = images.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
    for (int i = 0; i < 2; i++) {
      Files.copy(image, image.resolveSibling("new-" + added++ + "-" + image.getFileName()));
    }
    platform.run("dataset", "changed", "--data", data.toString()).succeeded();
  }

  /** The processes are killed where they have something to lose. */
  private void waitForTheMomentOf(ServiceName victim, int version, int round) {
    switch (victim) {
      case TRAINER -> waitUntil("a job runs", () -> newestJob() == version - 1);
      case EMBEDDER, GATEWAY ->
          waitUntil(
              "the gallery is being made, or was",
              () ->
                  gallery().hasBuilding() || gallery().getServing().getEncoderVersion() == version);
      case KAFKA, INDEX -> {}
    }
    // later rounds come a little later, to meet other moments
    LockSupport.parkNanos(Duration.ofMillis(130L * round).toNanos());
  }

  private void waitForGallery(int version) {
    waitUntil(
        "the gallery is searched with version " + version,
        () -> gallery().getServing().getEncoderVersion() == version && !gallery().hasBuilding());
  }

  private void waitUntil(String what, BooleanSupplier reached) {
    long end = System.nanoTime() + Duration.ofMinutes(15).toNanos();
    while (System.nanoTime() < end) {
      try {
        if (reached.getAsBoolean()) {
          return;
        }
      } catch (StatusRuntimeException restarting) {
        // asked again below
        assertThat(restarting.getStatus().getCode().name())
            .isIn("UNAVAILABLE", "CANCELLED", "DEADLINE_EXCEEDED");
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    throw new AssertionError("not reached: " + what + "\n" + platform.logs());
  }

  private Gallery gallery() {
    return ask(
        platform.gatewayPort(),
        channel ->
            GalleryServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(1, TimeUnit.MINUTES)
                .getGallery(GetGalleryRequest.newBuilder().setName(GALLERY).build())
                .getGallery());
  }

  /** How many jobs of the policy have been started. */
  private int newestJob() {
    return jobs().size();
  }

  private List<TrainingJob> jobs() {
    return ask(
        platform.trainerPort(),
        channel ->
            TrainerServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(1, TimeUnit.MINUTES)
                .listTrainingJobs(ListTrainingJobsRequest.newBuilder().setPageSize(500).build())
                .getJobsList()
                .stream()
                .filter(job -> job.getId().startsWith("auto-"))
                .toList());
  }

  private static <T> T ask(int port, java.util.function.Function<ManagedChannel, T> question) {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      return question.apply(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private void assertOneJobAndOneEventForEachVersion(int versions) throws Exception {
    assertThat(jobs()).hasSize(versions - 1);
    assertThat(jobs())
        .allMatch(job -> job.getState() == TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    JsonNode history = platform.run("models", "history", ENCODER, "--json").succeeded().json();
    assertThat(history.get("versions")).hasSize(versions);
    Map<Integer, List<String>> events = new HashMap<>();
    readAll("likeness.model.published")
        .forEach(
            (id, event) ->
                events.computeIfAbsent(event.getVersion(), unused -> new ArrayList<>()).add(id));
    assertThat(events).hasSize(versions);
    assertThat(events.values()).allMatch(ids -> ids.size() == 1);
  }

  /** The events of the encoder by their id; repeats have the same. */
  private Map<String, ModelPublished> readAll(String topic) throws Exception {
    Map<String, ModelPublished> events = new HashMap<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", "127.0.0.1:" + platform.kafkaPort()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(part -> consumer.position(part) < ends.get(part))) {
        for (var event : consumer.poll(Duration.ofMillis(200))) {
          if (ENCODER.equals(event.key())) {
            String id = new String(event.headers().lastHeader("ce_id").value(), UTF_8);
            events.put(id, ModelPublished.parseFrom(event.value()));
          }
        }
      }
    }
    return events;
  }

  private byte[] query() throws Exception {
    return Files.readAllBytes(queryFile());
  }

  private Path queryFile() throws Exception {
    try (Stream<Path> images = Files.walk(data.resolve("test/query"))) {
      return images.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
  }

  /** Searches without a pause; only a gateway that is not there is forgiven, and asked again. */
  private static final class Searcher implements AutoCloseable {

    private final LocalPlatform platform;
    private final ByteString image;
    private final List<String> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger answers = new AtomicInteger();
    private final Thread thread;
    private volatile boolean stopped;

    Searcher(LocalPlatform platform, byte[] image) {
      this.platform = platform;
      this.image = ByteString.copyFrom(image);
      this.thread = Thread.ofPlatform().name("searcher").start(this::search);
    }

    List<String> failures() {
      return List.copyOf(failures);
    }

    int answers() {
      return answers.get();
    }

    private void search() {
      while (!stopped) {
        try {
          SearchByImageResponse found =
              ask(
                  platform.gatewayPort(),
                  channel ->
                      SearchServiceGrpc.newBlockingStub(channel)
                          .withDeadlineAfter(15, TimeUnit.MINUTES)
                          .searchByImage(
                              SearchByImageRequest.newBuilder()
                                  .setCollection(GALLERY)
                                  .setImage(image)
                                  .setK(5)
                                  .setFilterExpression("price < 6")
                                  .build()));
          if (found.getImagesCount() == 5 && found.getMatchingCount() == 6) {
            answers.incrementAndGet();
          } else {
            failures.add(
                "%d images found of %d"
                    .formatted(found.getImagesCount(), found.getMatchingCount()));
          }
        } catch (StatusRuntimeException e) {
          if (answered(e)) {
            failures.add(e.toString());
          }
          LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
      }
    }

    /** A gateway that answers gives a reason; a connection that breaks has none. */
    private static boolean answered(StatusRuntimeException failure) {
      var status = StatusProto.fromThrowable(failure);
      return (status != null && status.getDetailsCount() > 0)
          || failure.getStatus().getCode() == io.grpc.Status.Code.DEADLINE_EXCEEDED;
    }

    @Override
    public void close() throws InterruptedException {
      stopped = true;
      thread.join();
    }
  }
}
