package dev.likeness.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.trainer.dataset.DatasetContents;
import dev.likeness.trainer.dataset.ImageStamps;
import dev.likeness.trainer.dataset.ImageStamps.ImageFact;
import dev.likeness.trainer.job.DatasetReports.Difference;
import dev.likeness.trainer.job.JobState.Cancelled;
import dev.likeness.trainer.job.JobState.Failed;
import dev.likeness.trainer.job.JobState.Queued;
import dev.likeness.trainer.job.JobState.Running;
import dev.likeness.trainer.job.JobState.Succeeded;
import dev.likeness.training.finetune.EpochReport;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.HeadSpec;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.finetune.validate.ScoreDifference;
import dev.likeness.training.finetune.validate.ValidationScore;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every database of jobs must do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JobStoreContract {

  static final Duration LEASE = Duration.ofSeconds(15);
  static final PublishedModel MODEL = new PublishedModel(3, "f".repeat(64));

  static final ValidationScore SCORE = new ValidationScore(700, 0.6, 0.8, 1, 0.5, 0.55, 40, 60);

  final MutableClock clock = new MutableClock();
  JobDatabase database;
  JobStore store;
  ClaimedJobs claims;
  Outbox outbox;
  JobStatistics statistics;
  PolicyStore policies;
  DatasetChanges changes;
  DatasetReports reports;

  /** An empty database. */
  abstract DatabaseSettings emptyDatabase() throws Exception;

  @BeforeAll
  void open() throws Exception {
    reopen(emptyDatabase());
  }

  void reopen(DatabaseSettings settings) {
    database = JobDatabase.open(settings);
    store = new JobStore(database, Jobs.TEXT_EVENTS, clock);
    claims = new ClaimedJobs(database, Jobs.TEXT_EVENTS, clock);
    outbox = new Outbox(database, clock);
    statistics = new JobStatistics(database, clock);
    policies = new PolicyStore(database, store, clock);
    changes = new DatasetChanges(database);
    reports = new DatasetReports(database, clock);
  }

  @BeforeEach
  void empty() {
    for (String table :
        List.of(
            "training_job_note",
            "training_epoch",
            "training_job",
            "training_policy",
            "dataset_report",
            "image_stamps",
            "outbox_event",
            "duty")) {
      database.inTransaction(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              return statement.executeUpdate("DELETE FROM " + table);
            }
          });
    }
  }

  @AfterAll
  void close() {
    if (database != null) {
      database.close();
    }
  }

  TrainingJob create(String id) {
    return store.create(new JobId(id), null, Jobs.spec(0));
  }

  List<String> events() {
    return outbox.oldest(1000).stream().map(Jobs::text).toList();
  }

  @Test
  void keepsWhatWasAccepted() {
    TrainingSpec spec =
        new TrainingSpec(
            "/data/Bücher & Bäume",
            new EncoderName("a"),
            new EncoderName("b"),
            Long.MIN_VALUE,
            new Method.PcaWhitening(128));
    TrainingJob job = store.create(new JobId("j1"), new RequestId("r1"), spec);
    assertThat(job.spec()).isEqualTo(spec);
    assertThat(job.state()).isEqualTo(Queued.fresh());
    assertThat(job.createTime()).isEqualTo(clock.instant());
    assertThat(store.get(new JobId("j1"))).isEqualTo(job);
    assertThat(store.find(new JobId("j2"))).isEmpty();
  }

  @Test
  void keepsAFineTuningWithAllItsSettings() {
    FineTuneSpec settings =
        FineTuneSpec.of(new TrainedScope.LastBlocks(3))
            .withSeed(7)
            .withLearningRate(0.1 + 0.2)
            .withHead(new HeadSpec(null, 0.25, false));
    TrainingSpec spec =
        new TrainingSpec(
            "/data/pets",
            new EncoderName("a"),
            new EncoderName("a"),
            7,
            new Method.FineTune(settings));
    store.create(new JobId("j1"), null, spec);
    assertThat(store.get(new JobId("j1")).spec()).isEqualTo(spec);
    assertThat(store.create(new JobId("j1"), null, spec).spec()).isEqualTo(spec);
  }

  @Test
  void keepsEpochsAndForgetsThoseThatAreDoneAgain() {
    create("j1");
    Claim claim = claims.claim("w", LEASE).orElseThrow();
    for (int epoch = 1; epoch <= 3; epoch++) {
      claims.finishEpoch(claim, epoch(epoch, epoch), new Progress("training", 0.1 * epoch), 5);
    }
    Claim later = takeOver(claim);
    claims.finishEpoch(later, epoch(2, 0.5), new Progress("training", 0.2), 5);
    assertThat(store.epochs(new JobId("j1"))).containsExactly(epoch(1, 1), epoch(2, 0.5));
    assertThatThrownBy(
            () -> claims.finishEpoch(claim, epoch(4, 4), new Progress("training", 0.4), 5))
        .isInstanceOf(LeaseLostException.class);
    assertThat(store.epochs(new JobId("j1"))).hasSize(2);
  }

  @Test
  void keepsFiguresAndTheVerdict() {
    create("j1");
    Claim claim = claims.claim("w", LEASE).orElseThrow();
    TrainingFigures figures = new TrainingFigures(2, 5, 50, 80, 0.5, 600.0, null, Double.NaN);
    claims.finishSteps(claim, figures, new Progress("training", 0.3, figures));
    assertThat(store.get(new JobId("j1")).state())
        .isInstanceOfSatisfying(
            Running.class,
            running -> {
              assertThat(running.progress().figures()).isEqualTo(figures);
              assertThat(running.progress().figures().secondsLeft()).isNull();
            });
    PromotionVerdict verdict =
        new PromotionVerdict(
            true, 1, "better", "a/1", SCORE, SCORE, new ScoreDifference(20, -3.5, 41));
    PublishedModel model = new PublishedModel(2, "f", verdict, "/reports/j1.html");
    claims.change(claim, (running, now) -> running.succeed(model, now));
    assertThat(store.get(new JobId("j1")).state())
        .isInstanceOfSatisfying(
            Succeeded.class, ended -> assertThat(ended.model()).isEqualTo(model));
  }

  // ---- policies

  private TrainingPolicy watch(long minNewImages, Duration coolDown) {
    return policies.set(Jobs.spec(1), minNewImages, coolDown, images(0, 100));
  }

  /** Those with the numbers from {@code first} to before {@code last}. */
  static DatasetContents images(int first, int last) {
    return contents(first, last, "cat");
  }

  private static DatasetContents contents(int first, int last, String className) {
    List<ImageFact> facts =
        IntStream.range(first, last)
            .mapToObj(i -> new ImageFact(className + "/" + i + ".jpg", i + ".jpg", 1000 + i, 7))
            .toList();
    return new DatasetContents(facts.size(), ImageStamps.of(facts));
  }

  private void changeTo(DatasetContents now) {
    assertThat(changes.tell("/data/pets", now.images())).isEqualTo(1);
    changes.uncompared().forEach(change -> changes.compare(change, now));
    assertThat(changes.uncompared()).isEmpty();
  }

  @Nullable Long changed() {
    return policies.list().getFirst().changedImageCount();
  }

  @Test
  void startsAJobWhenThereAreEnoughNewImages() {
    watch(20, Duration.ZERO);
    assertThat(changed()).isNull();
    assertThat(changes.tell("/data/other", 500)).isZero();
    changeTo(images(0, 119));
    assertThat(policies.startDue()).isEmpty();

    changeTo(images(0, 120));
    assertThat(changed()).isEqualTo(20);
    List<TrainingJob> started = policies.startDue();

    assertThat(started).hasSize(1);
    assertThat(started.getFirst().spec()).isEqualTo(Jobs.spec(1));
    assertThat(started.getFirst().id().value()).matches("auto-[0-9a-f]{12}-1");
    assertThat(events()).containsExactly("QUEUED");
    TrainingPolicy policy = policies.list().getFirst();
    assertThat(policy.countedImageCount()).isEqualTo(120);
    assertThat(policy.changedImageCount()).isZero();
    assertThat(policy.lastJob()).isEqualTo(started.getFirst().id());
    assertThat(policies.startDue()).isEmpty();
  }

  @Test
  void startsAJobWhenImagesAreReplacedOrMovedAndTheirNumberStays() {
    watch(20, Duration.ZERO);
    changeTo(images(9, 109));
    assertThat(changed()).isEqualTo(18);
    assertThat(policies.startDue()).isEmpty();
    changeTo(contents(0, 100, "dog"));
    assertThat(changed()).isEqualTo(100);
    end(policies.startDue().getFirst());

    // the images of the last job are those that it is compared with from then on
    changeTo(contents(0, 100, "dog"));
    assertThat(changed()).isZero();
    changeTo(contents(10, 110, "dog"));
    assertThat(policies.startDue()).hasSize(1);
  }

  @Test
  void takesChangesBackThatWereUndone() {
    watch(20, Duration.ofHours(1));
    changeTo(images(0, 200));
    end(policies.startDue().getFirst());
    changeTo(images(0, 260));
    assertThat(changed()).isEqualTo(60);
    changeTo(images(0, 200));
    assertThat(changed()).isZero();
    clock.advance(Duration.ofHours(1));
    assertThat(policies.startDue()).isEmpty();
  }

  @Test
  void countsHowManyMoreThereAreWhereItIsNotKnownWhich() {
    policies.set(Jobs.spec(1), 20, Duration.ZERO, DatasetContents.counted(100));
    changeTo(DatasetContents.counted(119));
    assertThat(changed()).isEqualTo(19);
    changeTo(DatasetContents.counted(90));
    assertThat(changed()).isZero();
    changeTo(DatasetContents.counted(700_000));
    assertThat(policies.startDue()).hasSize(1);
    assertThat(policies.list().getFirst().countedImageCount()).isEqualTo(700_000);
  }

  @Test
  void comparesWithWhatItFindsFirstIfItDoesNotKnowWhatItCounted() {
    // Given a policy that an earlier version has set and that was told of 10 new images
    policies.set(Jobs.spec(1), 20, Duration.ZERO, DatasetContents.counted(100));
    changeTo(images(0, 110));
    assertThat(changed()).isEqualTo(10);
    // When others are there instead
    changeTo(images(15, 120));
    // Then they are counted
    assertThat(changed()).isEqualTo(25);
    assertThat(policies.startDue()).hasSize(1);
  }

  @Test
  void looksAgainWhereItCouldNotLook() {
    watch(20, Duration.ZERO);
    assertThat(changes.tell("/data/pets", 119)).isEqualTo(1);
    DatasetChanges.Told told = changes.uncompared().getFirst();
    changes.compare(told, null);
    assertThat(changed()).isEqualTo(19);
    assertThat(changes.uncompared()).containsExactly(told);
    changes.compare(told, images(50, 150));
    assertThat(changed()).isEqualTo(100);
    assertThat(changes.uncompared()).isEmpty();
  }

  @Test
  void comparesOfTwoChangesTheLaterLast() {
    watch(20, Duration.ZERO);
    changes.tell("/data/pets", 110);
    DatasetChanges.Told slow = changes.uncompared().getFirst();
    changes.tell("/data/pets", 115);
    changes.compare(changes.uncompared().getFirst(), images(0, 115));
    changes.compare(slow, images(0, 110));
    assertThat(changed()).isEqualTo(15);
    assertThat(changes.uncompared()).isEmpty();
  }

  @Test
  void remembersMoreImagesThanFitIntoARow() {
    DatasetContents many = images(0, 40_000);
    policies.set(Jobs.spec(1), 20, Duration.ZERO, many);
    changeTo(many);
    assertThat(changed()).isZero();
    changeTo(images(3, 40_003));
    assertThat(changed()).isEqualTo(6);
  }

  @Test
  void keepsChangedImagesThroughACoolDown() {
    watch(20, Duration.ofHours(1));
    changeTo(images(0, 130));
    end(policies.startDue().getFirst());
    changeTo(images(0, 160));
    assertThat(policies.startDue()).isEmpty();

    clock.advance(Duration.ofHours(1));

    assertThat(policies.startDue()).hasSize(1);
    assertThat(policies.list().getFirst().countedImageCount()).isEqualTo(160);
  }

  @Test
  void startsNoSecondJobWhileOneIsOpen() {
    watch(20, Duration.ZERO);
    changeTo(images(0, 130));
    TrainingJob first = policies.startDue().getFirst();
    changeTo(images(0, 200));
    assertThat(policies.startDue()).isEmpty();

    end(first);

    assertThat(policies.startDue().getFirst().id().value()).endsWith("-2");
  }

  @Test
  void startsOneJobWhenManyLookAtOnce() throws Exception {
    watch(20, Duration.ZERO);
    changes.tell("/data/pets", 130);
    List<List<TrainingJob>> started =
        atOnce(
            8,
            () -> {
              changes.uncompared().forEach(told -> changes.compare(told, images(0, 130)));
              return policies.startDue();
            });
    assertThat(started.stream().mapToInt(List::size).sum()).isEqualTo(1);
    assertThat(store.list(10, null).jobs()).hasSize(1);
  }

  @Test
  void replacesAPolicyAndKeepsWhatItHasCounted() {
    watch(20, Duration.ZERO);
    changeTo(images(0, 115));
    TrainingPolicy replaced = policies.set(Jobs.spec(1), 10, Duration.ofMinutes(5), images(0, 115));
    assertThat(replaced.countedImageCount()).isEqualTo(100);
    assertThat(replaced.minNewImages()).isEqualTo(10);
    assertThat(policies.startDue()).hasSize(1);
    policies.remove("/data/pets", Jobs.spec(1).outputEncoder());
    assertThat(policies.list()).isEmpty();
    assertThatThrownBy(() -> policies.remove("/data/pets", Jobs.spec(1).outputEncoder()))
        .isInstanceOf(PolicyNotFoundException.class)
        .hasMessageContaining("/data/pets");
    // what is set anew knows nothing of what was
    assertThat(watch(20, Duration.ZERO).changedImageCount()).isNull();
    changeTo(images(0, 100));
    assertThat(changed()).isZero();
  }

  @Test
  void saysWhatIsDifferentFromTheReportBefore() {
    assertThat(report(images(0, 100))).isEqualTo(new Difference(null, null));
    assertThat(report(images(0, 130))).isEqualTo(new Difference(30L, 30L));
    assertThat(report(images(10, 130))).isEqualTo(new Difference(-10L, 10L));
    assertThat(report(DatasetContents.counted(140))).isEqualTo(new Difference(20L, null));
    assertThat(report(images(0, 140))).isEqualTo(new Difference(0L, null));
  }

  private Difference report(DatasetContents now) {
    return reports.report("/data/pets", now, difference -> List.of());
  }

  private void end(TrainingJob job) {
    Claim claim = claims.claim("w", LEASE).orElseThrow();
    assertThat(claim.job().id()).isEqualTo(job.id());
    claims.change(claim, (running, now) -> running.succeed(MODEL, now));
  }

  private Claim takeOver(Claim claim) {
    clock.advance(LEASE.plusSeconds(1));
    Claim later = claims.claim("other", LEASE).orElseThrow();
    assertThat(later.job().id()).isEqualTo(claim.job().id());
    return later;
  }

  private static EpochReport epoch(int epoch, double loss) {
    return new EpochReport(epoch, "head", loss, 1e-3, SCORE, true, null, 12.5);
  }

  @Test
  void acceptsAnIdAndARequestOnce() {
    TrainingJob first = store.create(new JobId("j1"), new RequestId("r1"), Jobs.spec(1));
    assertThat(store.create(new JobId("j1"), null, Jobs.spec(1))).isEqualTo(first);
    assertThat(store.create(new JobId("other"), new RequestId("r1"), Jobs.spec(1)))
        .isEqualTo(first);
    assertThat(events()).containsExactly("QUEUED");
  }

  @Test
  void rejectsAnIdThatStandsForAnotherJob() {
    store.create(new JobId("j1"), new RequestId("r1"), Jobs.spec(1));
    assertThatThrownBy(() -> store.create(new JobId("j1"), null, Jobs.spec(2)))
        .isInstanceOf(JobExistsException.class)
        .hasMessageContaining("j1");
    assertThatThrownBy(() -> store.create(new JobId("j2"), new RequestId("r1"), Jobs.spec(2)))
        .isInstanceOf(JobExistsException.class)
        .hasMessageContaining("r1");
  }

  @Test
  void acceptsOnceWhenManyAskAtOnce() throws Exception {
    List<TrainingJob> answers =
        atOnce(8, () -> store.create(JobId.random(), new RequestId("the one"), Jobs.spec(7)));
    assertThat(answers).allMatch(answers.getFirst()::equals);
    assertThat(store.list(10, null).jobs()).hasSize(1);
  }

  @Test
  void listsNewestFirstInPages() {
    for (int i = 0; i < 5; i++) {
      create("j" + i);
    }
    JobPage first = store.list(2, null);
    assertThat(first.jobs()).extracting(job -> job.id().value()).containsExactly("j4", "j3");
    assertThat(first.more()).isTrue();
    JobPage rest = store.list(3, first.jobs().getLast().order());
    assertThat(rest.jobs()).extracting(job -> job.id().value()).containsExactly("j2", "j1", "j0");
    assertThat(rest.more()).isFalse();
  }

  @Test
  void givesTheOldestJobFirstAndEachToOneWorker() {
    create("j1");
    create("j2");
    assertThat(claims.claim("a", LEASE).orElseThrow().job().id().value()).isEqualTo("j1");
    assertThat(claims.claim("b", LEASE).orElseThrow().job().id().value()).isEqualTo("j2");
    assertThat(claims.claim("a", LEASE)).isEmpty();
  }

  @Test
  void givesEachJobOnceWhenManyAskAtOnce() throws Exception {
    for (int i = 0; i < 6; i++) {
      create("j" + i);
    }
    List<Optional<Claim>> taken = atOnce(6, () -> claims.claim("w", LEASE));
    Set<JobId> given = new HashSet<>();
    taken.stream().flatMap(Optional::stream).forEach(claim -> given.add(claim.job().id()));
    assertThat(taken.stream().filter(Optional::isPresent).count()).isEqualTo(given.size());
  }

  @Test
  void startsARunningJobWithItsFirstAttempt() {
    create("j1");
    clock.advance(Duration.ofSeconds(2));
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    assertThat(claim.job().state())
        .isEqualTo(new Running(1, clock.instant(), Progress.NONE, false));
    assertThat(store.get(claim.job().id())).isEqualTo(claim.job());
  }

  @Test
  void takesAJobOverOnlyAfterItsLease() {
    create("j1");
    Instant started = clock.instant();
    Claim first = claims.claim("a", LEASE).orElseThrow();
    clock.advance(LEASE);
    assertThat(claims.claim("b", LEASE)).isEmpty();
    clock.advance(Duration.ofMillis(1));
    Claim second = claims.claim("b", LEASE).orElseThrow();
    assertThat(second.token()).isGreaterThan(first.token());
    assertThat(second.job().state().attempt()).isEqualTo(2);
    assertThat(second.job().state().startTime()).isEqualTo(started);
  }

  @Test
  void countsTheAttemptsSinceTheLastThatGotFurther() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    assertThat(claim.fruitlessAttempts()).isZero();
    claim = takeOver(claim);
    assertThat(claim.fruitlessAttempts()).isEqualTo(1);
    claims.getFurther(claim, 40);
    claim = takeOver(claim);
    assertThat(claim.fruitlessAttempts()).isZero();
    // as far as before, and less far, is not further
    claims.getFurther(claim, 40);
    claims.getFurther(claim, 7);
    claim = takeOver(claim);
    assertThat(claim.fruitlessAttempts()).isEqualTo(1);
    // a job that was handed back was interrupted, too
    claims.change(claim, (running, now) -> running.handBack(now));
    claim = claims.claim("a", LEASE).orElseThrow();
    assertThat(claim.fruitlessAttempts()).isEqualTo(2);
    claims.getFurther(claim, 41);
    assertThat(takeOver(claim).fruitlessAttempts()).isZero();
  }

  @Test
  void keepsALeaseThatIsRenewed() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofSeconds(10));
      assertThat(claims.renew(claim, LEASE)).isFalse();
      assertThat(claims.claim("b", LEASE)).isEmpty();
    }
  }

  @Test
  void letsAWorkerWithAnOldTokenChangeNothing() {
    // Given a job that was taken over from a worker that slept
    create("j1");
    Claim old = claims.claim("a", LEASE).orElseThrow();
    clock.advance(LEASE.plusMillis(1));
    Claim current = claims.claim("b", LEASE).orElseThrow();
    TrainingJob before = store.get(old.job().id());
    List<String> eventsBefore = events();
    // When it wakes up and goes on
    List<Runnable> attempts =
        List.of(
            () -> claims.renew(old, LEASE),
            () -> claims.addNote(old, "late"),
            () -> claims.getFurther(old, 1000),
            () -> claims.change(old, (running, _) -> running.advance(new Progress("late", 0.5))),
            () -> claims.change(old, (running, now) -> running.succeed(MODEL, now)),
            () -> claims.change(old, (running, now) -> running.fail("late", now)),
            () -> claims.change(old, (running, now) -> running.cancel(now)),
            () -> claims.change(old, (running, now) -> running.handBack(now)));
    // Then nothing happens, and the new owner's claim holds
    for (Runnable attempt : attempts) {
      assertThatThrownBy(attempt::run).isInstanceOf(LeaseLostException.class);
    }
    assertThat(store.get(old.job().id())).isEqualTo(before);
    assertThat(events()).isEqualTo(eventsBefore);
    assertThat(claims.change(current, (running, now) -> running.succeed(MODEL, now)).ended())
        .isTrue();
  }

  @Test
  void letsNobodyChangeAnEndedJob() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    TrainingJob ended = claims.change(claim, (running, now) -> running.succeed(MODEL, now));
    assertThatThrownBy(() -> claims.change(claim, (running, now) -> running.fail("x", now)))
        .isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> claims.renew(claim, LEASE)).isInstanceOf(LeaseLostException.class);
    clock.advance(LEASE.multipliedBy(2));
    assertThat(claims.claim("b", LEASE)).isEmpty();
    assertThat(store.get(ended.id())).isEqualTo(ended);
    assertThat(ended.state())
        .isInstanceOfSatisfying(
            Succeeded.class, succeeded -> assertThat(succeeded.model()).isEqualTo(MODEL));
  }

  @Test
  void handsAJobBackToTheQueue() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    Instant started = clock.instant();
    claims.change(claim, (running, now) -> running.handBack(now));
    assertThat(store.get(claim.job().id()).state()).isEqualTo(new Queued(1, started));
    clock.advance(Duration.ofSeconds(1));
    assertThat(claims.claim("b", LEASE).orElseThrow().job().state())
        .isEqualTo(new Running(2, started, Progress.NONE, false));
  }

  @Test
  void cancelsAWaitingJobAtOnce() {
    create("j1");
    assertThat(store.cancel(new JobId("j1")).state())
        .isEqualTo(new Cancelled(0, null, clock.instant()));
    assertThat(claims.claim("a", LEASE)).isEmpty();
    assertThat(store.cancel(new JobId("j1")).state()).isInstanceOf(Cancelled.class);
  }

  @Test
  void asksTheWorkerOfARunningJobToEndIt() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    assertThat(store.cancel(claim.job().id()).state()).isInstanceOf(Running.class);
    assertThat(claims.renew(claim, LEASE)).isTrue();
    claims.change(claim, (running, now) -> running.advance(new Progress("still at it", null)));
    assertThat(claims.renew(claim, LEASE)).isTrue();
    assertThat(claims.change(claim, (running, now) -> running.handBack(now)).state())
        .isInstanceOf(Cancelled.class);
  }

  @Test
  void refusesToCancelWhatHasEnded() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    claims.change(claim, (running, now) -> running.fail("no images", now));
    assertThatThrownBy(() -> store.cancel(claim.job().id()))
        .isInstanceOf(JobNotCancellableException.class)
        .hasMessageContaining("failed");
    assertThatThrownBy(() -> store.cancel(new JobId("nobody")))
        .isInstanceOf(JobNotFoundException.class);
  }

  @Test
  void keepsNotesInOrderAndOnce() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    claims.addNote(claim, "one");
    claims.addNote(claim, "two");
    claims.addNote(claim, "one");
    claims.addNote(claim, "x".repeat(5000));
    List<String> notes = store.get(claim.job().id()).notes();
    assertThat(notes).hasSize(3).startsWith("one", "two");
    assertThat(notes.getLast()).hasSize(1000);
  }

  @Test
  void shortensAReasonThatIsTooLong() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    claims.change(claim, (running, now) -> running.fail("y".repeat(10_000), now));
    assertThat(store.get(claim.job().id()).state())
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.reason()).hasSize(4000).endsWith("…"));
  }

  @Test
  void countsEveryChangeAsARevision() {
    TrainingJob job = create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    assertThat(claim.job().revision()).isGreaterThan(job.revision());
    TrainingJob further =
        claims.change(claim, (running, _) -> running.advance(new Progress("s", 0.5)));
    assertThat(further.revision()).isGreaterThan(claim.job().revision());
    assertThat(further.state())
        .isInstanceOfSatisfying(
            Running.class,
            running -> assertThat(running.progress()).isEqualTo(new Progress("s", 0.5)));
  }

  @Test
  void tellsEveryChangeButStepsWithinAStage() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    claims.change(claim, (running, _) -> running.advance(new Progress("embedding", 0.1)));
    claims.change(claim, (running, _) -> running.advance(new Progress("embedding", 0.2)));
    claims.addNote(claim, "a note");
    claims.change(claim, (running, _) -> running.advance(new Progress("fitting", 0.9)));
    claims.change(claim, (running, now) -> running.succeed(MODEL, now));
    assertThat(events())
        .containsExactly("QUEUED", "RUNNING", "RUNNING embedding", "RUNNING fitting", "SUCCEEDED");
  }

  @Test
  void writesNoEventOfAChangeThatWasNotMade() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    List<String> before = events();
    assertThatThrownBy(
            () ->
                claims.change(
                    claim,
                    (_, _) -> {
                      throw new IllegalStateException("in the middle");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(events()).isEqualTo(before);
  }

  @Test
  void makesNoChangeWhoseEventCannotBeWritten() {
    JobStore mute =
        new JobStore(
            database,
            _ -> {
              throw new IllegalStateException("no words");
            },
            clock);
    assertThatThrownBy(() -> mute.create(new JobId("j1"), null, Jobs.spec(0)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(store.find(new JobId("j1"))).isEmpty();
  }

  @Test
  void keepsEventsInOrderUntilTheyAreRemoved() {
    create("j1");
    Claim claim = claims.claim("a", LEASE).orElseThrow();
    claims.change(claim, (running, now) -> running.fail("x", now));
    List<OutboxEvent> all = outbox.oldest(10);
    assertThat(all).hasSize(3).extracting(OutboxEvent::id).doesNotHaveDuplicates();
    assertThat(outbox.oldest(2))
        .extracting(OutboxEvent::id)
        .containsExactly(all.get(0).id(), all.get(1).id());
    outbox.remove(all.get(0));
    assertThat(events()).containsExactly("RUNNING", "FAILED");
    assertThat(statistics.outboxBacklog()).isEqualTo(2);
  }

  @Test
  void givesTheDutyOfTheOutboxToOneProcess() {
    assertThat(outbox.holdDuty("a", LEASE)).isTrue();
    assertThat(outbox.holdDuty("b", LEASE)).isFalse();
    clock.advance(Duration.ofSeconds(10));
    assertThat(outbox.holdDuty("a", LEASE)).isTrue();
    clock.advance(LEASE.plusMillis(1));
    assertThat(outbox.holdDuty("b", LEASE)).isTrue();
    outbox.releaseDuty("a");
    assertThat(outbox.holdDuty("a", LEASE)).isFalse();
    outbox.releaseDuty("b");
    assertThat(outbox.holdDuty("a", LEASE)).isTrue();
  }

  @Test
  void knowsItsFigures() {
    assertThat(statistics.queueAge()).isEmpty();
    create("j1");
    clock.advance(Duration.ofSeconds(5));
    create("j2");
    clock.advance(Duration.ofSeconds(5));
    assertThat(statistics.queueAge()).contains(Duration.ofSeconds(10));
    claims.claim("a", LEASE);
    assertThat(statistics.queueAge()).contains(Duration.ofSeconds(5));
    assertThat(statistics.jobsByState()).containsEntry("QUEUED", 1L).containsEntry("RUNNING", 1L);
  }

  static <T> List<T> atOnce(int threads, Callable<T> task) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Callable<T>> tasks = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        tasks.add(task);
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : executor.invokeAll(tasks)) {
        results.add(future.get());
      }
      return results;
    }
  }
}
