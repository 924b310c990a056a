package dev.likeness.training.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.encoders.preprocess.Preprocessor;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.finetune.FineTuneOutcome.Finished;
import dev.likeness.training.finetune.FineTuneOutcome.StopReason;
import dev.likeness.training.finetune.FineTuneOutcome.Stopped;
import dev.likeness.training.finetune.data.LabelledImage;
import dev.likeness.training.finetune.failure.FineTuneException;
import dev.likeness.training.finetune.spec.BatchShape;
import dev.likeness.training.finetune.spec.Execution;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.HeadSpec;
import dev.likeness.training.finetune.spec.Objective;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.finetune.spec.ValidationSplit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresLibtorch
class FineTuningTest {

  private static final Duration AT_EACH_UPDATE = Duration.ZERO;

  @TempDir static Path shared;
  @TempDir Path folder;

  private static ModelPackage base;
  private static List<LabelledImage> images;

  @BeforeAll
  static void drawImages() throws Exception {
    base = TinyEncoder.publish(shared.resolve("models"));
    images = TinyEncoder.images(shared.resolve("images"), 4, 10);
  }

  @Test
  void headRetrievesBetterThanTheFrozenNetwork() {
    Finished finished = (Finished) run(head().withLearningRate(0.05).withEpochs(30));

    assertThat(finished.after().quality()).isGreaterThan(finished.before().quality());
    assertThat(finished.difference().mean())
        .isCloseTo(finished.after().score() - finished.before().score(), within(1e-9));
    assertThat(finished.draft().card().dimension()).isEqualTo(8);
    assertThat(finished.draft().card().origin().metrics()).containsKey("validation_score");
  }

  @ParameterizedTest
  @ValueSource(strings = {"last:1", "last:2", "all"})
  void widerScopesChangeTheirBlocksOnly(String scope) {
    Finished finished = (Finished) run(wide(scope));

    assertThat(finished.draft().card().dimension()).isEqualTo(8);
    assertThat(finished.history())
        .extracting(EpochReport::stage)
        .containsExactly("head", "head", scope, scope, scope);
  }

  @Test
  void publishedNetworkServesTheVectorsThatWereValidated() throws Exception {
    Finished finished = (Finished) run(wide("all"));
    ModelPackage published = ModelStore.open(folder.resolve("published")).publish(finished.draft());

    try (OnnxImageEmbedder embedder =
        OnnxImageEmbedder.open(published, RuntimeOptions.ofThreads(1))) {
      float[] tensor = new float[new Preprocessor(published.card().preprocess()).tensorLength()];
      assertThat(embedder.embed(tensor, 1)[0]).hasSize(8);
    }
    assertThat(published.card().projection()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(Objective.class)
  void everyLossTrains(Objective objective) {
    Finished finished = (Finished) run(head().withObjective(objective).withEpochs(2));

    assertThat(finished.history()).allMatch(epoch -> Double.isFinite(epoch.loss()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "last:2", "all"})
  void stoppedRunGoesOnWithTheSameLosses(String scope) {
    FineTuneSpec spec = scope.equals("head") ? head() : wide(scope);
    Finished whole = (Finished) run(spec, folder.resolve("whole"), StopSignal.NEVER);

    AtomicInteger asked = new AtomicInteger();
    FineTuneOutcome outcome = new Stopped(0, 0);
    int runs = 0;
    while (outcome instanceof Stopped) {
      asked.set(0);
      outcome = run(spec, folder.resolve("parts"), () -> asked.incrementAndGet() > 7);
      runs++;
    }

    Finished parts = (Finished) outcome;
    assertThat(runs).isGreaterThan(1);
    assertThat(parts.history())
        .extracting(EpochReport::loss)
        .containsExactlyElementsOf(whole.history().stream().map(EpochReport::loss).toList());
    assertThat(parts.draft().onnx()).isEqualTo(whole.draft().onnx());
    assertThat(parts.bestEpoch()).isEqualTo(whole.bestEpoch());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void computingBlocksTwiceChangesNothing(boolean statistics) {
    FineTuneSpec plain = wide("all");
    plain =
        plain.withOptimization(
            plain
                .optimization()
                .withBatchStatistics(statistics)
                .withStochasticDepth(statistics ? 0.4 : 0));
    FineTuneSpec twice = plain.withExecution(checkpointing(plain.execution()));
    Finished first = (Finished) run(plain, folder.resolve("plain"), StopSignal.NEVER);
    Finished second = (Finished) run(twice, folder.resolve("twice"), StopSignal.NEVER);

    for (int epoch = 0; epoch < first.history().size(); epoch++) {
      assertThat(second.history().get(epoch).loss())
          .isCloseTo(first.history().get(epoch).loss(), within(1e-5));
    }
  }

  @Test
  void sixteenBitsTrainToSimilarLosses() {
    FineTuneSpec full = wide("all");
    Execution execution = full.execution();
    FineTuneSpec half =
        full.withExecution(
            new Execution(
                execution.device(), execution.threads(), true, false, execution.imageCacheBytes()));
    Finished first = (Finished) run(full, folder.resolve("full"), StopSignal.NEVER);
    Finished second = (Finished) run(half, folder.resolve("half"), StopSignal.NEVER);

    assertThat(second.history().getLast().loss())
        .isCloseTo(first.history().getLast().loss(), within(0.1));
  }

  private static Execution checkpointing(Execution execution) {
    return new Execution(
        execution.device(), execution.threads(), false, true, execution.imageCacheBytes());
  }

  @Test
  void sameSeedGivesTheSameNetworkAndAnotherSeedAnother() {
    byte[] first = ((Finished) run(head(), folder.resolve("a"), StopSignal.NEVER)).draft().onnx();
    byte[] again = ((Finished) run(head(), folder.resolve("b"), StopSignal.NEVER)).draft().onnx();
    byte[] other =
        ((Finished) run(head().withSeed(2), folder.resolve("c"), StopSignal.NEVER)).draft().onnx();

    assertThat(again).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void listenerHearsOfStartAndEpochs() {
    List<Object> heard = new ArrayList<>();
    FineTuneListener listener =
        new FineTuneListener() {
          @Override
          public void onStart(Start start) {
            heard.add(start);
          }

          @Override
          public void onEpoch(EpochReport epoch) {
            heard.add(epoch.epoch());
          }
        };
    FineTuneOutcome unused =
        FineTuning.run(task(head().withEpochs(2), folder), listener, StopSignal.NEVER);

    assertThat(heard).hasSize(3);
    FineTuneListener.Start start = (FineTuneListener.Start) heard.getFirst();
    assertThat(start.trainImages()).isEqualTo(32);
    assertThat(start.validationImages()).isEqualTo(8);
    assertThat(start.trainedValues()).isEqualTo(8 * 12 + 8);
  }

  @Test
  void listenerHearsOfEachCheckpoint() {
    List<FineTuneListener.Checkpoint> heard = new ArrayList<>();
    FineTuneListener listener =
        new FineTuneListener() {
          @Override
          public void onCheckpoint(Checkpoint checkpoint) {
            heard.add(checkpoint);
          }
        };
    AtomicInteger asked = new AtomicInteger();
    FineTuneOutcome outcome =
        FineTuning.run(
            task(head().withEpochs(2), folder),
            listener,
            () -> asked.incrementAndGet() > 7,
            AT_EACH_UPDATE,
            Clock.systemUTC());

    Stopped stopped = (Stopped) outcome;
    assertThat(heard).hasSizeGreaterThan(1).doesNotContainNull();
    assertThat(heard.getLast())
        .isEqualTo(new FineTuneListener.Checkpoint(stopped.epoch(), stopped.step()));
    assertThat(heard)
        .isSortedAccordingTo(
            Comparator.comparingInt(FineTuneListener.Checkpoint::epoch)
                .thenComparingInt(FineTuneListener.Checkpoint::step));
  }

  @Test
  void divergenceBeforeTheFirstValidationIsAFailure() {
    FineTuneSpec spec = head().withLearningRate(1e6);
    assertThatThrownBy(() -> run(spec.withOptimization(spec.optimization().withWeightDecay(1e5))))
        .isInstanceOf(FineTuneException.Diverged.class)
        .hasMessageContaining("in epoch 1")
        .hasMessageContaining("lower the learning rate");
  }

  @Test
  void divergenceLaterKeepsTheBestAndSaysSo() {
    FineTuneSpec spec = head().withLearningRate(1e6).withEpochs(60);
    Finished finished =
        (Finished) run(spec.withOptimization(spec.optimization().withWeightDecay(1e-2)));

    assertThat(finished.reason()).isEqualTo(StopReason.DIVERGED);
    assertThat(finished.notes()).anyMatch(note -> note.contains("the loss became no number"));
    assertThat(finished.after().quality()).isFinite();
  }

  @Test
  void refusesOneClass() {
    List<LabelledImage> one =
        images.stream().filter(image -> image.className().equals("class0")).toList();
    assertThatThrownBy(() -> run(one, Set.of("class0")))
        .isInstanceOf(FineTuneException.TooFewClasses.class);
  }

  @Test
  void refusesEmptyClass() {
    assertThatThrownBy(() -> run(images, Set.of("class0", "class1", "class2", "class3", "nothing")))
        .isInstanceOf(FineTuneException.EmptyClass.class)
        .hasMessageContaining("'nothing'");
  }

  @Test
  void refusesClassOfOneImage() {
    List<LabelledImage> lonely =
        images.stream()
            .filter(
                image ->
                    !image.className().equals("class1") || image.path().endsWith("class1/00.png"))
            .toList();
    assertThatThrownBy(() -> run(lonely, Set.of("class0", "class1", "class2", "class3")))
        .isInstanceOf(FineTuneException.SingleImageClass.class)
        .hasMessageContaining("'class1'");
  }

  @Test
  void refusesFolderOfDamagedImages() throws Exception {
    List<LabelledImage> some = new ArrayList<>(images);
    for (int i = 0; i < 8; i++) {
      Path damaged = folder.resolve("damaged%d.png".formatted(i));
      Files.writeString(damaged, "no image");
      some.add(new LabelledImage(damaged, "class0"));
    }
    assertThatThrownBy(() -> run(some, Set.of("class0", "class1", "class2", "class3")))
        .isInstanceOf(FineTuneException.UnreadableImages.class)
        .hasMessageContaining("8 of 48")
        .hasMessageContaining("damaged0.png");
  }

  @Test
  void passesOverOneDamagedImageAndSaysSo() throws Exception {
    List<LabelledImage> some = new ArrayList<>(images);
    Path damaged = folder.resolve("damaged.png");
    Files.writeString(damaged, "no image");
    some.add(new LabelledImage(damaged, "class0"));

    Finished finished = (Finished) run(some, Set.of("class0", "class1", "class2", "class3"));
    assertThat(finished.notes()).anyMatch(note -> note.contains("1 of 41 images"));
  }

  @Test
  void unwritableWorkFolderIsAClearFailure() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    assertThatThrownBy(() -> run(head(), file.resolve("work"), StopSignal.NEVER))
        .isInstanceOf(FineTuneException.CheckpointNotWritten.class)
        .hasMessageContaining("free space");
  }

  @Test
  void refusesTheWorkFolderOfAnotherTask() {
    FineTuneOutcome unused = run(head(), folder, StopSignal.NEVER);
    assertThatThrownBy(() -> run(head().withSeed(9), folder, StopSignal.NEVER))
        .isInstanceOf(FineTuneException.CheckpointNotUsable.class)
        .hasMessageContaining("another task");
  }

  static FineTuneSpec head() {
    return FineTuneSpec.of(new TrainedScope.Head())
        .withEpochs(6)
        .withBatch(new BatchShape(4, 2))
        .withHead(new HeadSpec(8, 0.1, true))
        .withValidation(new ValidationSplit(ValidationSplit.By.IMAGE, 0.2, 100))
        .withExecution(FineTuneSpec.of(new TrainedScope.Head()).execution().withThreads(1));
  }

  static FineTuneSpec wide(String scope) {
    FineTuneSpec spec = head();
    return new FineTuneSpec(
        TrainedScope.parse(scope),
        spec.objective(),
        spec.labelSmoothing(),
        3,
        2,
        spec.batch(),
        spec.optimization(),
        spec.head(),
        spec.averaging(),
        spec.augmentation(),
        spec.validation(),
        spec.execution(),
        1);
  }

  private FineTuneOutcome run(FineTuneSpec spec) {
    return run(spec, folder, StopSignal.NEVER);
  }

  private FineTuneOutcome run(List<LabelledImage> some, Set<String> classes) {
    FineTuneTask task = task(head(), folder.resolve("work"));
    return FineTuning.run(
        new FineTuneTask(
            base,
            some,
            classes,
            task.workFolder(),
            task.spec(),
            task.name(),
            task.jobId(),
            task.datasetHash()),
        FineTuneListener.SILENT,
        StopSignal.NEVER);
  }

  private static FineTuneOutcome run(FineTuneSpec spec, Path work, StopSignal stop) {
    return FineTuning.run(
        task(spec, work), FineTuneListener.SILENT, stop, AT_EACH_UPDATE, TinyEncoder.CLOCK);
  }

  private static FineTuneTask task(FineTuneSpec spec, Path work) {
    return TinyEncoder.task(base, images, work, spec);
  }
}
