package dev.likeness.embedder.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.embedder.batching.BatchingLimits;
import dev.likeness.embedder.batching.BatchingObserver;
import dev.likeness.embedder.batching.BatchingThreads;
import dev.likeness.embedder.batching.DynamicBatcher;
import dev.likeness.embedder.batching.FirstByteEmbedder;
import dev.likeness.embedder.batching.ManualExecutor;
import dev.likeness.embedder.failure.EncoderNotFoundException;
import dev.likeness.embedder.failure.EncoderNotLoadedException;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.ModelVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderCatalogTest {

  private static final String MINI = "likeness-mini";
  private static final EncoderName NAME = new EncoderName(MINI);
  private static final byte[] IMAGE = {7};

  @TempDir static Path root;
  private static ModelStore store;

  private final FakeLoader loader = new FakeLoader(Runnable::run);
  private final EncoderCatalog catalog = catalog(loader, Runnable::run);

  @BeforeAll
  static void publish() {
    store = CopiedVersions.storeIn(root);
  }

  @AfterEach
  void removeCopies() {
    CopiedVersions.removeCopies(store);
  }

  @Test
  void loadsAnEncoderOnItsFirstUseAndKeepsIt() throws Exception {
    assertThat(catalog.find(MINI, null).state()).isEqualTo(ServingState.AVAILABLE);

    Submission first = embed();
    Submission second = embed();

    assertThat(first.result().join().value(0)).isEqualTo(7f);
    assertThat(second.model().version().version()).isEqualTo(1);
    assertThat(loader.loaded).hasSize(1);
    assertThat(catalog.find(MINI, null).state()).isEqualTo(ServingState.ACTIVE);
  }

  @Test
  void missingEncoderIsAnsweredWithTheNamesThatExist() {
    assertThatThrownBy(() -> catalog.acquire("resnet5O"))
        .isInstanceOf(EncoderNotFoundException.class)
        .hasMessage("there is no encoder 'resnet5O'; the model store has likeness-mini");
    assertThatThrownBy(() -> catalog.acquire("../etc"))
        .isInstanceOf(EncoderNotFoundException.class);
    assertThatThrownBy(() -> catalog.load(MINI, 9))
        .isInstanceOf(EncoderNotFoundException.class)
        .hasMessageContaining("of version 9");
  }

  @Test
  void callersThatComeWhileAnEncoderLoadsShareThatLoad() throws Exception {
    // Given loads that do not happen before the test says so
    ManualExecutor loads = new ManualExecutor();
    EncoderCatalog slow = catalog(loader, loads);
    CountDownLatch waiting = new CountDownLatch(20);
    List<Future<ServedEncoder>> callers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ServedEncoder> first = threads.submit(() -> slow.acquire(MINI));
      while (loads.size() == 0) {
        Thread.onSpinWait();
      }
      assertThat(slow.find(MINI, null).state()).isEqualTo(ServingState.LOADING);
      for (int i = 0; i < 20; i++) {
        callers.add(
            threads.submit(
                () -> {
                  waiting.countDown();
                  return slow.acquire(MINI);
                }));
      }
      waiting.await();

      // When
      loads.runNext();

      // Then
      for (Future<ServedEncoder> caller : callers) {
        assertThat(caller.get()).isSameAs(first.get());
      }
    }
    assertThat(loader.loaded).hasSize(1);
    assertThat(loads.size()).isZero();
  }

  @Test
  void newerVersionReplacesTheOlderOneWhichIsFreed() throws Exception {
    // Given
    embed().result().join();
    CopiedVersions.add(store, 2);

    // When
    catalog.refresh(NAME);

    // Then
    assertThat(embed().model().version().version()).isEqualTo(2);
    assertThat(loader.loaded.getFirst().closed).isTrue();
    assertThat(loader.loaded.getLast().closed).isFalse();
  }

  @Test
  void aCandidateIsServedOnlyByItsVersionUntilItIsPromoted() throws Exception {
    // Given
    embed().result().join();
    store.promote(new ModelVersion(NAME, 1), "held", null, Instant.EPOCH);
    CopiedVersions.add(store, 2);
    catalog.refresh(NAME);
    assertThat(embed().model().version().version()).isEqualTo(1);

    // When
    Submission candidate = catalog.submit(MINI, 2, IMAGE, null, WhenFull.REFUSE);

    // Then
    assertThat(candidate.model().version().version()).isEqualTo(2);
    assertThat(embed().model().version().version()).isEqualTo(1);

    // And when it is promoted, and rolled back
    store.promote(new ModelVersion(NAME, 2), "better", "job", Instant.EPOCH);
    catalog.refresh(NAME);
    assertThat(embed().model().version().version()).isEqualTo(2);
    assertThat(catalog.submit(MINI, 1, IMAGE, null, WhenFull.REFUSE).model().version().version())
        .isEqualTo(1);
    store.promote(new ModelVersion(NAME, 1), "rolled back", null, Instant.EPOCH);
    catalog.refresh(NAME);
    assertThat(embed().model().version().version()).isEqualTo(1);
  }

  @Test
  void keepsFewOtherVersionsInMemory() throws Exception {
    for (int version = 2; version <= 5; version++) {
      CopiedVersions.add(store, version);
    }
    assertThat(embed().model().version().version()).isEqualTo(5);
    for (int version : new int[] {1, 2, 1, 3}) {
      catalog.submit(MINI, version, IMAGE, null, WhenFull.REFUSE).result().join();
    }
    assertThat(loader.loaded).hasSize(4);
    assertThat(loader.loaded.stream().filter(loaded -> loaded.closed)).hasSize(1);
    assertThat(loader.loaded.get(2).closed).isTrue();
    catalog.submit(MINI, 2, IMAGE, null, WhenFull.REFUSE).result().join();
    assertThat(loader.loaded).hasSize(5);
    catalog.close().join();
    assertThat(loader.loaded).allMatch(loaded -> loaded.closed);
  }

  @Test
  void aVersionThatDoesNotLoadSaysWhyAndIsTriedAgain() throws Exception {
    CopiedVersions.add(store, 2);
    loader.failure = "the golden pair does not match";
    assertThatThrownBy(() -> catalog.submit(MINI, 1, IMAGE, null, WhenFull.REFUSE))
        .isInstanceOf(EncoderNotLoadedException.class)
        .hasMessageContaining("likeness-mini/1 could not be loaded: the golden pair");
    loader.failure = null;
    assertThat(catalog.submit(MINI, 1, IMAGE, null, WhenFull.REFUSE).result().join().value(0))
        .isEqualTo(7f);
  }

  @Test
  void failedLoadLeavesTheOldVersionServing() throws Exception {
    // Given
    embed().result().join();
    CopiedVersions.add(store, 2);
    loader.failure = "the golden pair does not match";

    // When
    assertThatThrownBy(() -> catalog.load(MINI, null))
        .isInstanceOf(EncoderNotLoadedException.class)
        .hasMessageContaining(
            "likeness-mini/2 could not be loaded: the golden pair does not match");

    // Then
    assertThat(embed().model().version().version()).isEqualTo(1);
    assertThat(catalog.find(MINI, 1).state()).isEqualTo(ServingState.ACTIVE);
    assertThat(catalog.find(MINI, 2).state()).isEqualTo(ServingState.FAILED);
    assertThat(catalog.find(MINI, 2).failureReason()).contains("golden pair");
  }

  @Test
  void failedVersionIsTriedAgainOnlyByHand() throws Exception {
    // Given
    loader.failure = "damaged";
    assertThatThrownBy(() -> embed()).isInstanceOf(EncoderNotLoadedException.class);
    loader.failure = null;

    // When used again, then it is refused without another attempt
    assertThatThrownBy(() -> embed())
        .isInstanceOf(EncoderNotLoadedException.class)
        .hasMessageContaining("damaged");
    assertThat(loader.attempts).isEqualTo(1);

    // When loaded by hand, then it serves
    catalog.load(MINI, null);
    assertThat(embed().result().join().value(0)).isEqualTo(7f);
  }

  @Test
  void versionLoadedByHandIsNotReplacedByANewerOne() throws Exception {
    CopiedVersions.add(store, 2);
    catalog.load(MINI, 1);

    catalog.refreshAll();

    assertThat(embed().model().version().version()).isEqualTo(1);
    catalog.load(MINI, null);
    assertThat(embed().model().version().version()).isEqualTo(2);
  }

  @Test
  void unloadingWaitsForImagesInFlight() throws Exception {
    // Given an image whose inference has not begun
    ManualExecutor inference = new ManualExecutor();
    FakeLoader held = new FakeLoader(inference);
    EncoderCatalog busy = catalog(held, Runnable::run);
    CompletableFuture<?> image = busy.submit(MINI, IMAGE, null, WhenFull.REFUSE).result();
    AtomicBoolean unloaded = new AtomicBoolean();

    // When
    Thread unloading =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    busy.unload(MINI);
                    unloaded.set(true);
                  } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                  }
                });
    while (busy.find(MINI, null).state() != ServingState.AVAILABLE) {
      Thread.onSpinWait();
    }

    // Then
    assertThat(unloaded).isFalse();
    assertThat(held.loaded.getFirst().closed).isFalse();
    inference.runAll();
    unloading.join();
    assertThat(image).isCompleted();
    assertThat(held.loaded.getFirst().closed).isTrue();
  }

  @Test
  void closingWaitsForImagesOfTheVersionBefore() throws Exception {
    // Given an image in flight with a version that was replaced meanwhile
    CopiedVersions.add(store, 2);
    ManualExecutor inference = new ManualExecutor();
    FakeLoader held = new FakeLoader(inference);
    EncoderCatalog busy = catalog(held, Runnable::run);
    busy.load(MINI, 1);
    CompletableFuture<?> image = busy.submit(MINI, IMAGE, null, WhenFull.REFUSE).result();
    busy.load(MINI, 2);

    // When
    CompletableFuture<Void> closing = busy.close();

    // Then
    assertThat(closing).isNotDone();
    inference.runAll();
    assertThat(image).isCompleted();
    assertThat(closing).isCompleted();
    assertThat(held.loaded).hasSize(2).allMatch(embedder -> embedder.closed);
  }

  @Test
  void swapUnderLoadLosesNoImageAndLeaksNothing() throws Exception {
    // Given callers that never pause
    for (int version = 2; version <= 10; version++) {
      CopiedVersions.add(store, version);
    }
    try (ExecutorService inference = Executors.newFixedThreadPool(2);
        ExecutorService loads = Executors.newSingleThreadExecutor();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      FakeLoader real = new FakeLoader(inference);
      EncoderCatalog busy = catalog(real, loads);
      busy.load(MINI, 1);
      AtomicBoolean stop = new AtomicBoolean();
      List<Future<Set<Integer>>> versionsSeen = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        versionsSeen.add(callers.submit(() -> embedUntil(stop, busy)));
      }

      // When
      for (int version = 2; version <= 10; version++) {
        busy.load(MINI, version);
      }
      stop.set(true);

      // Then no caller met a failure, and only the last version is in memory
      for (Future<Set<Integer>> seen : versionsSeen) {
        assertThat(seen.get()).isNotEmpty();
      }
      busy.close().get();
      assertThat(real.loaded).hasSize(10).allMatch(embedder -> embedder.closed);
    }
  }

  private static Set<Integer> embedUntil(AtomicBoolean stop, EncoderCatalog catalog)
      throws Exception {
    Set<Integer> versions = new HashSet<>();
    do {
      Submission submission = catalog.submit(MINI, IMAGE, null, WhenFull.WAIT);
      assertThat(submission.result().get().value(0)).isEqualTo(7f);
      versions.add(submission.model().version().version());
    } while (!stop.get());
    return versions;
  }

  @Test
  void closedCatalogServesNothing() {
    catalog.close().join();

    assertThatThrownBy(() -> embed())
        .isInstanceOf(EncoderNotLoadedException.class)
        .hasMessageContaining("stopping");
  }

  private Submission embed() throws InterruptedException {
    return catalog.submit(MINI, IMAGE, null, WhenFull.REFUSE);
  }

  private EncoderCatalog catalog(EncoderLoader encoderLoader, Executor loads) {
    return new EncoderCatalog(new ModelShelf(store), encoderLoader, loads, 2);
  }

  private static final class FakeLoader implements EncoderLoader {

    private final Executor inference;
    private final List<FirstByteEmbedder> loaded = new ArrayList<>();
    private String failure;
    private int attempts;

    FakeLoader(Executor inference) {
      this.inference = inference;
    }

    @Override
    public ServedEncoder load(ModelPackage model) {
      attempts++;
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
      FirstByteEmbedder embedder = new FirstByteEmbedder();
      loaded.add(embedder);
      return new ServedEncoder(
          model,
          new DynamicBatcher(
              embedder,
              embedder,
              new BatchingLimits(16, 1, Duration.ZERO, 1, 2),
              new BatchingThreads(
                  Runnable::run, inference, (delay, action) -> {}, System::nanoTime),
              BatchingObserver.NONE));
    }
  }
}
