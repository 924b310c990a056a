package dev.likeness.trainer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.ErrorInfo;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.events.v1.DatasetChanged;
import dev.likeness.events.v1.ModelPromoted;
import dev.likeness.events.v1.ModelPublished;
import dev.likeness.events.v1.TrainingJobChanged;
import dev.likeness.events.v1.TrainingJobRequested;
import dev.likeness.trainer.finetune.ScriptedEngine;
import dev.likeness.trainer.job.Claim;
import dev.likeness.trainer.job.ClaimedJobs;
import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.JobStatistics;
import dev.likeness.trainer.job.JobStore;
import dev.likeness.trainer.job.LeaseLostException;
import dev.likeness.trainer.v1.CancelTrainingJobRequest;
import dev.likeness.trainer.v1.CreateTrainingJobRequest;
import dev.likeness.trainer.v1.DatasetServiceGrpc.DatasetServiceBlockingStub;
import dev.likeness.trainer.v1.DeleteTrainingPolicyRequest;
import dev.likeness.trainer.v1.FineTuneMethod;
import dev.likeness.trainer.v1.GetTrainingJobRequest;
import dev.likeness.trainer.v1.ListModelVersionsRequest;
import dev.likeness.trainer.v1.ListTrainingJobsRequest;
import dev.likeness.trainer.v1.ListTrainingPoliciesRequest;
import dev.likeness.trainer.v1.ModelServiceGrpc.ModelServiceBlockingStub;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.ReportDatasetChangeRequest;
import dev.likeness.trainer.v1.RollBackModelRequest;
import dev.likeness.trainer.v1.SetTrainingPolicyRequest;
import dev.likeness.trainer.v1.TrainerServiceGrpc.TrainerServiceBlockingStub;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import dev.likeness.trainer.v1.TrainingSpec;
import dev.likeness.trainer.v1.WatchTrainingJobRequest;
import dev.likeness.trainer.v1.WatchTrainingJobResponse;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(TrainerEnvironment.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class TrainerServiceTest {

  TrainerEnvironment.Parts parts;

  @GrpcClient("trainer")
  TrainerServiceBlockingStub trainer;

  @GrpcClient("trainer")
  ModelServiceBlockingStub models;

  @GrpcClient("trainer")
  DatasetServiceBlockingStub datasets;

  @Inject ScriptedEngine engine;

  @TestHTTPResource("/")
  URI management;

  @Inject JobStore store;
  @Inject ClaimedJobs claims;
  @Inject JobStatistics statistics;

  /** No test leaves work to the next one. */
  @AfterEach
  void awaitIdle() throws InterruptedException {
    while (!Set.of("SUCCEEDED", "FAILED", "CANCELLED")
        .containsAll(statistics.jobsByState().keySet())) {
      Thread.sleep(20);
    }
  }

  // ---- jobs over gRPC

  @Test
  void runsAJobToItsPublishedModel() throws Exception {
    TrainingSpec spec = spec(dataset(12), "whole");
    TrainingJob created = create(spec, "");
    List<TrainingJob> seen = watch(created.getId());
    TrainingJob end = seen.getLast();
    assertThat(end.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(end.getPublishedVersion()).isEqualTo(1);
    assertThat(end.getProgress()).isEqualTo(1);
    assertThat(end.getAttempt()).isEqualTo(1);
    assertThat(end.getNotesList()).contains("12 of 12 training images were used, 0 left out");
    assertThat(end.getSpec()).isEqualTo(spec);
    assertThat(end.hasStartTime() && end.hasEndTime()).isTrue();
    assertThat(get(created.getId())).isEqualTo(end);
    var model = models().find(new EncoderName("whole")).orElseThrow();
    assertThat(model.fingerprint().value()).isEqualTo(end.getPublishedFingerprint());
    assertThat(model.card().origin().jobId()).isEqualTo(created.getId());
  }

  @Test
  void createsOneJobForARequest() throws Exception {
    TrainingSpec spec = spec(dataset(12), "once");
    String request = UUID.randomUUID().toString();
    TrainingJob first = create(spec, request);
    assertThat(create(spec, request).getId()).isEqualTo(first.getId());
    assertFailure(
        Code.ALREADY_EXISTS,
        "JOB_EXISTS",
        () -> create(spec.toBuilder().setSeed(99).build(), request));
  }

  @Test
  void saysWhatIsWrongWithARequest() throws Exception {
    TrainingSpec good = spec(dataset(12), "good");
    assertFailure(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> create(good.toBuilder().setOutputEncoder("No Name").build(), ""));
    assertFailure(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () -> create(good.toBuilder().clearMethod().build(), ""));
    assertFailure(
        Code.PERMISSION_DENIED,
        "PATH_OUTSIDE_ROOTS",
        () -> create(good.toBuilder().setDatasetPath("/etc").build(), ""));
    assertFailure(
        Code.INVALID_ARGUMENT,
        "DATASET_INVALID",
        () -> create(good.toBuilder().setDatasetPath(parts.data() + "/none").build(), ""));
    assertFailure(Code.NOT_FOUND, "JOB_NOT_FOUND", () -> get("nobody"));
    assertFailure(Code.NOT_FOUND, "JOB_NOT_FOUND", () -> watch("nobody"));
    assertFailure(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", () -> get("no such/id"));
    assertFailure(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () ->
            trainer.listTrainingJobs(
                ListTrainingJobsRequest.newBuilder().setPageToken("bm9uZQ").build()));
  }

  @Test
  void listsAllJobsOnceNewestFirst() throws Exception {
    Path data = dataset(12);
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      created.add(create(spec(data, "listed" + i), "").getId());
    }
    List<String> listed = new ArrayList<>();
    String token = "";
    do {
      var page =
          trainer.listTrainingJobs(
              ListTrainingJobsRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      page.getJobsList().forEach(job -> listed.add(job.getId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(listed)
        .doesNotHaveDuplicates()
        .startsWith(created.reversed().toArray(String[]::new));
  }

  @Test
  void saysWhyAJobFailed() throws Exception {
    TrainingJob end = watch(create(spec(dataset(3), "few"), "").getId()).getLast();
    assertThat(end.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_FAILED);
    assertThat(end.getFailureReason()).contains("3 training images", "at least 8");
    assertFailure(Code.FAILED_PRECONDITION, "JOB_NOT_CANCELLABLE", () -> cancel(end.getId()));
  }

  @Test
  void cancelsARunningJob() throws Exception {
    var gate = parts.embedder().hold();
    try {
      TrainingJob job = create(spec(dataset(12), "unwanted"), "");
      awaitRunning(job.getId());
      cancel(job.getId());
      assertThat(watch(job.getId()).getLast().getState())
          .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_CANCELLED);
      assertThat(cancel(job.getId()).getState())
          .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_CANCELLED);
    } finally {
      gate.countDown();
    }
    assertThat(models().find(new EncoderName("unwanted"))).isEmpty();
  }

  @Test
  void goesOnWhenTheEmbedderComesBack() throws Exception {
    parts.embedder().breakNextCallAfter(5);
    TrainingJob end = watch(create(spec(dataset(20), "resumed"), "").getId()).getLast();
    assertThat(end.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(end.getNotesList()).contains("20 of 20 training images were used, 0 left out");
  }

  @Test
  void takesTheJobOfADeadWorkerOver() throws Exception {
    // Given a worker that took a job and was killed
    var gate = parts.embedder().hold();
    Claim dead;
    try {
      TrainingJob blocker = create(spec(dataset(12), "blocker"), "");
      awaitRunning(blocker.getId());
      TrainingJob job = create(spec(dataset(12), "orphan"), "");
      dead = claims.claim("a process that is gone", Duration.ofMillis(300)).orElseThrow();
      assertThat(dead.job().id().value()).isEqualTo(job.getId());
    } finally {
      gate.countDown();
    }
    // When its lease has run out
    TrainingJob end = watch(dead.job().id().value()).getLast();
    // Then the job is done, once, and the dead one can change nothing
    assertThat(end.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(end.getAttempt()).isEqualTo(2);
    assertThat(end.getPublishedVersion()).isEqualTo(1);
    assertThatThrownBy(() -> claims.change(dead, (running, now) -> running.fail("late", now)))
        .isInstanceOf(LeaseLostException.class);
  }

  // ---- commands and events over Kafka

  @Test
  void runsACommandOnceHoweverOftenItIsDelivered() throws Exception {
    String id = "kafka-" + UUID.randomUUID();
    TrainingJobRequested command = command(id, spec(dataset(12), "commanded"));
    send(id, command.toByteArray());
    send(id, command.toByteArray());
    send(id, command.toByteArray());
    try (EventLog events = log("likeness.training.events");
        EventLog published = log("likeness.model.published")) {
      events.await(record -> isEnd(record, id));
      ConsumerRecord<String, byte[]> model =
          published.await(record -> "commanded".equals(record.key()));
      ModelPublished message = ModelPublished.parseFrom(model.value());
      assertThat(message.getJobId()).isEqualTo(id);
      assertThat(message.getVersion()).isEqualTo(1);
      assertThat(message.getFingerprint()).hasSize(64);
      assertThat(EventLog.header(model, "ce_type")).isEqualTo("likeness.events.v1.ModelPublished");
      assertThat(EventLog.header(model, "ce_specversion")).isEqualTo("1.0");
      assertThat(EventLog.header(model, "ce_source")).isEqualTo("/likeness/trainer");
      assertThat(EventLog.header(model, "ce_id")).isNotEmpty();
      // a later command under the same key has been taken, so the repeats were taken too
      String later = "kafka-" + UUID.randomUUID();
      send(id, command(later, spec(dataset(3), "later")).toByteArray());
      events.await(record -> isEnd(record, later));
      assertThat(stages(distinct(events.ofKey(id))))
          .startsWith("QUEUED", "RUNNING", "RUNNING reading the data set")
          .endsWith("RUNNING publishing", "SUCCEEDED")
          .doesNotHaveDuplicates();
    }
    assertThat(models().list().stream().filter(model -> model.name().value().equals("commanded")))
        .hasSize(1);
  }

  @Test
  void putsAPoisonedMessageAmongTheDeadLettersAndGoesOn() throws Exception {
    byte[] poison = "this is no message".getBytes(StandardCharsets.UTF_8);
    String key = "poison-" + UUID.randomUUID();
    send(key, poison);
    send(key, null);
    String id = "kafka-" + UUID.randomUUID();
    send(key, command(id, spec(dataset(3), "after-poison")).toByteArray());
    try (EventLog dead = log("likeness.training.jobs.dead-letter");
        EventLog events = log("likeness.training.events")) {
      ConsumerRecord<String, byte[]> letter =
          dead.await(record -> key.equals(record.key()) && record.value() != null);
      assertThat(letter.value()).isEqualTo(poison);
      assertThat(EventLog.header(letter, "dead-letter-reason"))
          .contains("no likeness.events.v1.TrainingJobRequested");
      dead.await(record -> key.equals(record.key()) && record.value() == null);
      events.await(record -> isEnd(record, id));
    }
  }

  @Test
  void putsInvalidCommandsAmongTheDeadLettersWithTheirReason() throws Exception {
    TrainingSpec good = spec(dataset(12), "invalid");
    Map<String, TrainingJobRequested> commands =
        Map.of(
            "no id", command("", good),
            "allowed directories", command("j1", good.toBuilder().setDatasetPath("/etc").build()),
            "spec.output_encoder",
                command("j1", good.toBuilder().setOutputEncoder("UPPER").build()),
            "there is no directory",
                command("j1", good.toBuilder().setDatasetPath(parts.data() + "/no").build()));
    try (EventLog dead = log("likeness.training.jobs.dead-letter")) {
      for (var command : commands.entrySet()) {
        String key = "invalid-" + UUID.randomUUID();
        send(key, command.getValue().toByteArray());
        ConsumerRecord<String, byte[]> letter = dead.await(record -> key.equals(record.key()));
        assertThat(EventLog.header(letter, "dead-letter-reason"))
            .contains(command.getKey().equals("no id") ? "a job's id has" : command.getKey());
      }
    }
    assertThat(store.find(new JobId("j1"))).isEmpty();
  }

  @Test
  void tellsWhatHappenedWhileTheBrokerWasDown() throws Exception {
    TrainingJob job;
    TrainingJob end;
    // Given a broker that is down
    parts.broker().kill();
    try {
      // When a job runs to its end
      job = create(spec(dataset(12), "unheard"), "");
      end = watch(job.getId()).getLast();
      assertThat(end.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
      assertThat(statistics.outboxBacklog()).isPositive();
      assertThat(http("q/health/ready").statusCode()).isEqualTo(200);
      assertThat(http("q/health/live").statusCode()).isEqualTo(200);
    } finally {
      parts.broker().start();
    }
    // Then all is told after the broker has come back, in order, each event under its own id
    try (EventLog events = log("likeness.training.events");
        EventLog published = log("likeness.model.published")) {
      events.await(record -> isEnd(record, job.getId()));
      published.await(record -> "unheard".equals(record.key()));
      assertThat(stages(distinct(events.ofKey(job.getId()))))
          .startsWith("QUEUED", "RUNNING")
          .endsWith("RUNNING publishing", "SUCCEEDED")
          .doesNotHaveDuplicates();
      assertThat(distinct(published.ofKey("unheard"))).hasSize(1);
    }
    // And commands are taken again
    String id = "kafka-" + UUID.randomUUID();
    send(id, command(id, spec(dataset(3), "heard")).toByteArray());
    try (EventLog events = log("likeness.training.events")) {
      events.await(record -> isEnd(record, id));
    }
    // an event leaves the outbox when it was confirmed, a moment after others have seen it
    while (statistics.outboxBacklog() > 0) {
      Thread.sleep(20);
    }
  }

  // ---- fine-tuning

  @Test
  void fineTunesPromotesAndTellsOfItOnce() throws Exception {
    TrainingJob end = watch(create(tuning(dataset(12), "tuned", 3), "").getId()).getLast();
    assertThat(end.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(end.getPromotion().getPromoted()).isTrue();
    assertThat(end.getReportPath()).endsWith("/" + end.getId() + ".html");
    assertThat(end.getSpec().getFineTune().getLoss()).isEqualTo("ce+supcon");
    var answer =
        trainer.getTrainingJob(GetTrainingJobRequest.newBuilder().setId(end.getId()).build());
    assertThat(answer.getEpochsList())
        .extracting(epoch -> epoch.getEpoch())
        .containsExactly(1, 2, 3);

    // a second job from the name itself is better, a third is not
    engine.gain(25);
    TrainingSpec again = tuning(dataset(12), "tuned", 2).toBuilder().setEncoder("tuned").build();
    TrainingJob second = watch(create(again, "").getId()).getLast();
    assertThat(second.getPromotion().getComparedWith()).isEqualTo("tuned/1");
    engine.gain(-1);
    TrainingJob third = watch(create(again.toBuilder().setSeed(2).build(), "").getId()).getLast();
    engine.gain(50);
    assertThat(third.getPublishedVersion()).isEqualTo(3);
    assertThat(third.getPromotion().getPromoted()).isFalse();
    assertThat(third.getPromotion().getDifferenceHigh()).isEqualTo(19);

    var versions =
        models.listModelVersions(ListModelVersionsRequest.newBuilder().setEncoder("tuned").build());
    assertThat(versions.getVersionsList())
        .extracting(version -> version.getVersion() + " " + version.getServing())
        .containsExactly("3 false", "2 true", "1 false");
    var back = models.rollBackModel(RollBackModelRequest.newBuilder().setEncoder("tuned").build());
    assertThat(back.getModel().getVersion()).isEqualTo(1);
    assertThat(back.getPreviousVersion()).isEqualTo(2);
    try (EventLog events = log("likeness.training.events");
        EventLog promoted = log("likeness.model.promoted")) {
      promoted.await(
          record ->
              "tuned".equals(record.key())
                  && promotion(record).getVersion() == 1
                  && promotion(record).getPreviousVersion() == 2);
      assertThat(
              distinct(promoted.ofKey("tuned")).stream()
                  .map(record -> promotion(record).getVersion()))
          .containsExactly(1, 2, 1);
      for (TrainingJob job : List.of(end, third)) {
        for (String type : List.of("TrainingStepsFinished", "TrainingEpochFinished")) {
          events.await(
              record ->
                  job.getId().equals(record.key())
                      && EventLog.header(record, "ce_type").equals("likeness.events.v1." + type));
        }
      }
    }
  }

  @Test
  void saysWhatIsWrongWithAVersion() {
    assertFailure(
        Code.NOT_FOUND,
        "MODEL_NOT_FOUND",
        () ->
            models.listModelVersions(
                ListModelVersionsRequest.newBuilder().setEncoder("nobody").build()));
    assertFailure(
        Code.INVALID_ARGUMENT,
        "INVALID_ARGUMENT",
        () ->
            models.listModelVersions(
                ListModelVersionsRequest.newBuilder().setEncoder("No Name").build()));
    assertFailure(
        Code.NOT_FOUND,
        "MODEL_NOT_FOUND",
        () ->
            models.rollBackModel(
                RollBackModelRequest.newBuilder()
                    .setEncoder("likeness-mini")
                    .setVersion(99)
                    .build()));
    assertFailure(
        Code.FAILED_PRECONDITION,
        "NO_EARLIER_VERSION",
        () ->
            models.rollBackModel(
                RollBackModelRequest.newBuilder().setEncoder("likeness-mini").build()));
  }

  @Test
  void cancelsAFineTuningInTheMiddleOfAnEpoch() throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    engine.script(
        (epoch, task) -> {
          if (epoch == 2) {
            reached.countDown();
            await(cancelled);
          }
        });
    try {
      TrainingJob job = create(tuning(dataset(12), "unfinished", 5), "");
      assertThat(reached.await(5, TimeUnit.MINUTES)).isTrue();
      cancel(job.getId());
      cancelled.countDown();
      TrainingJob end = watch(job.getId()).getLast();
      assertThat(end.getState()).isEqualTo(TrainingJobState.TRAINING_JOB_STATE_CANCELLED);
    } finally {
      cancelled.countDown();
      engine.script((epoch, task) -> {});
    }
    assertThat(models().find(new EncoderName("unfinished"))).isEmpty();
  }

  // ---- growing data sets

  @Test
  void startsOneJobWhenAWatchedDataSetHasGrownEnough() throws Exception {
    Path data = dataset(12);
    TrainingSpec spec = tuning(data, "grown", 2);
    var policy =
        datasets
            .setTrainingPolicy(
                SetTrainingPolicyRequest.newBuilder()
                    .setSpec(spec)
                    .setMinNewImages(3)
                    .setCoolDown(com.google.protobuf.util.Durations.fromHours(1))
                    .build())
            .getPolicy();
    assertThat(policy.getCountedImageCount()).isEqualTo(12);
    for (int i = 0; i < 4; i++) {
      Files.writeString(data.resolve("training/class1/new" + i + ".jpg"), "new " + i);
    }
    var report = report(data);
    assertThat(report.getTrainingImageCount()).isEqualTo(16);
    assertThat(report.getPoliciesCount()).isEqualTo(1);
    report(data);
    String id = awaitPolicysJob(data);
    TrainingJob end = watch(id).getLast();
    assertThat(end.getState())
        .as(end.getFailureReason())
        .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(models().list().stream().filter(model -> model.name().value().equals("grown")))
        .hasSize(1);
    try (EventLog changes = log("likeness.dataset.changed")) {
      changes.await(
          record -> record.key() != null && record.key().endsWith(data.getFileName().toString()));
    }
    datasets.deleteTrainingPolicy(
        DeleteTrainingPolicyRequest.newBuilder()
            .setDatasetPath(data.toString())
            .setOutputEncoder("grown")
            .build());
    assertFailure(
        Code.NOT_FOUND,
        "POLICY_NOT_FOUND",
        () ->
            datasets.deleteTrainingPolicy(
                DeleteTrainingPolicyRequest.newBuilder()
                    .setDatasetPath(data.toString())
                    .setOutputEncoder("grown")
                    .build()));
  }

  @Test
  void startsAJobWhenImagesWereMovedToAnotherClass() throws Exception {
    Path data = dataset(12);
    assertThat(report(data).hasChangedImageCount()).isFalse();
    var unused =
        datasets.setTrainingPolicy(
            SetTrainingPolicyRequest.newBuilder()
                .setSpec(tuning(data, "relabelled", 2))
                .setMinNewImages(2)
                .setCoolDown(com.google.protobuf.util.Durations.fromHours(1))
                .build());
    for (String name : List.of("0.jpg", "3.jpg")) {
      Files.move(
          data.resolve("training/class0").resolve(name),
          data.resolve("training/class1").resolve(name));
    }
    var report = report(data);
    assertThat(report.getTrainingImageCount()).isEqualTo(12);
    assertThat(report.getAddedImageCount()).isZero();
    assertThat(report.getChangedImageCount()).isEqualTo(2);
    TrainingJob end = watch(awaitPolicysJob(data)).getLast();
    assertThat(end.getState())
        .as(end.getFailureReason())
        .isEqualTo(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED);
    assertThat(policyOf(data).getChangedImageCount()).isZero();
  }

  @Test
  void putsWrongChangesAmongTheDeadLetters() throws Exception {
    Map<String, byte[]> wrong =
        Map.of(
            "no likeness.events.v1.DatasetChanged", new byte[] {1, 2, 3},
            "allowed directories",
                DatasetChanged.newBuilder().setDatasetPath("/etc").build().toByteArray(),
            "must not be negative",
                DatasetChanged.newBuilder()
                    .setDatasetPath(parts.data().toString())
                    .setTrainingImageCount(-1)
                    .build()
                    .toByteArray());
    try (EventLog dead = log("likeness.dataset.changed.dead-letter")) {
      for (var event : wrong.entrySet()) {
        String key = "wrong-" + UUID.randomUUID();
        send("likeness.dataset.changed", key, event.getValue());
        ConsumerRecord<String, byte[]> letter = dead.await(record -> key.equals(record.key()));
        assertThat(EventLog.header(letter, "dead-letter-reason")).contains(event.getKey());
      }
    }
  }

  private dev.likeness.trainer.v1.ReportDatasetChangeResponse report(Path data) {
    return datasets.reportDatasetChange(
        ReportDatasetChangeRequest.newBuilder().setDatasetPath(data.toString()).build());
  }

  private dev.likeness.trainer.v1.TrainingPolicy policyOf(Path data) {
    return datasets
        .listTrainingPolicies(ListTrainingPoliciesRequest.getDefaultInstance())
        .getPoliciesList()
        .stream()
        .filter(policy -> policy.getSpec().getDatasetPath().endsWith(data.getFileName().toString()))
        .findFirst()
        .orElseThrow();
  }

  private static TrainingSpec tuning(Path data, String output, int epochs) {
    return spec(data, output).toBuilder()
        .setFineTune(FineTuneMethod.newBuilder().setEpochs(epochs))
        .build();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(5, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ModelPromoted promotion(ConsumerRecord<String, byte[]> record) {
    try {
      return ModelPromoted.parseFrom(record.value());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  // ---- operation

  @Test
  void showsItsFigures() throws Exception {
    assertThat(http("q/metrics").body())
        .contains("likeness_trainer_jobs{state=\"QUEUED\"}")
        .contains("likeness_trainer_queue_age_seconds")
        .contains("likeness_trainer_outbox_backlog");
    assertThat(http("q/health/ready").statusCode()).isEqualTo(200);
  }

  // ---- helpers

  private HttpResponse<String> http(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(management.resolve(path)).build(), BodyHandlers.ofString());
    }
  }

  private Path dataset(int images) throws IOException {
    Path data = parts.data().resolve("set-" + UUID.randomUUID());
    for (int i = 0; i < images; i++) {
      Path directory = Files.createDirectories(data.resolve("training/class" + i % 3));
      Files.writeString(directory.resolve(i + ".jpg"), "image " + i);
    }
    return data;
  }

  private static TrainingSpec spec(Path data, String output) {
    return TrainingSpec.newBuilder()
        .setDatasetPath(data.toString())
        .setEncoder("likeness-mini")
        .setOutputEncoder(output)
        .setPcaWhitening(PcaWhiteningMethod.newBuilder().setDimension(4))
        .build();
  }

  private TrainingJob create(TrainingSpec spec, String request) {
    return trainer
        .createTrainingJob(
            CreateTrainingJobRequest.newBuilder().setSpec(spec).setRequestId(request).build())
        .getJob();
  }

  private TrainingJob get(String id) {
    return trainer.getTrainingJob(GetTrainingJobRequest.newBuilder().setId(id).build()).getJob();
  }

  private TrainingJob cancel(String id) {
    return trainer
        .cancelTrainingJob(CancelTrainingJobRequest.newBuilder().setId(id).build())
        .getJob();
  }

  private List<TrainingJob> watch(String id) {
    List<TrainingJob> jobs = new ArrayList<>();
    Iterator<WatchTrainingJobResponse> responses =
        trainer.watchTrainingJob(WatchTrainingJobRequest.newBuilder().setId(id).build());
    responses.forEachRemaining(response -> jobs.add(response.getJob()));
    return jobs;
  }

  private String awaitPolicysJob(Path data) throws InterruptedException {
    String id = policyOf(data).getLastJobId();
    while (id.isEmpty()) {
      Thread.sleep(20);
      id = policyOf(data).getLastJobId();
    }
    return id;
  }

  private void awaitRunning(String id) {
    Iterator<WatchTrainingJobResponse> responses =
        trainer.watchTrainingJob(WatchTrainingJobRequest.newBuilder().setId(id).build());
    while (responses.hasNext()) {
      if (responses.next().getJob().getState() == TrainingJobState.TRAINING_JOB_STATE_RUNNING) {
        return;
      }
    }
    throw new AssertionError("the job never ran");
  }

  private ModelStore models() {
    return ModelStore.open(parts.home().resolve("models"));
  }

  private EventLog log(String topic) {
    return new EventLog(parts.broker().address(), topic);
  }

  private static TrainingJobRequested command(String id, TrainingSpec spec) {
    return TrainingJobRequested.newBuilder().setJobId(id).setSpec(spec).build();
  }

  private void send(String key, byte[] value) throws Exception {
    send("likeness.training.jobs", key, value);
  }

  private void send(String topic, String key, byte[] value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", parts.broker().address()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, key, value)).get();
    }
  }

  private static boolean isEnd(ConsumerRecord<String, byte[]> record, String id) {
    return id.equals(record.key()) && isChange(record) && parse(record).hasEndTime();
  }

  private static boolean isChange(ConsumerRecord<String, byte[]> record) {
    return "likeness.events.v1.TrainingJobChanged".equals(EventLog.header(record, "ce_type"));
  }

  private static TrainingJob parse(ConsumerRecord<String, byte[]> record) {
    try {
      return TrainingJobChanged.parseFrom(record.value()).getJob();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> stages(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream()
        .map(TrainerServiceTest::parse)
        .map(
            job ->
                (job.getState().name().replace("TRAINING_JOB_STATE_", "") + " " + job.getStage())
                    .strip())
        .toList();
  }

  /** As a consumer that drops repeats of an id sees them. */
  private static List<ConsumerRecord<String, byte[]>> distinct(
      List<ConsumerRecord<String, byte[]>> records) {
    Set<String> ids = new HashSet<>();
    return records.stream().filter(record -> ids.add(EventLog.header(record, "ce_id"))).toList();
  }

  private static void assertFailure(Code code, String reason, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(code);
              assertThat(e.getMessage()).doesNotContain("Exception", "dev.likeness");
              var status = StatusProto.fromThrowable(e);
              assertThat(status).isNotNull();
              try {
                assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason())
                    .isEqualTo(reason);
              } catch (IOException unreadable) {
                throw new AssertionError(unreadable);
              }
            });
  }
}
