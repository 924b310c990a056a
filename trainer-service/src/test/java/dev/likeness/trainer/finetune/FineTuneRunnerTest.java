package dev.likeness.trainer.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Promotion;
import dev.likeness.service.FileRoots;
import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.JobState;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.PublishedModel;
import dev.likeness.trainer.job.TrainingJob;
import dev.likeness.trainer.job.TrainingSpec;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.RecordingContext;
import dev.likeness.trainer.work.TrainingFailedException;
import dev.likeness.training.finetune.FineTuneOutcome;
import dev.likeness.training.finetune.FineTuneTask;
import dev.likeness.training.finetune.failure.FineTuneException;
import dev.likeness.training.finetune.spec.Device;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.TrainedScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuneRunnerTest {

  private static final EncoderName MINI = LikenessMini.NAME;
  private static final EncoderName PETS = new EncoderName("mini-pets");
  private static final int EPOCHS = 3;

  @TempDir Path folder;
  private Path data;
  private ModelStore models;
  private ModelPackage mini;
  private RecordingContext context = new RecordingContext();
  private final ScriptedEngine engine = new ScriptedEngine();

  @BeforeEach
  void publishBase() throws Exception {
    models = ModelStore.open(folder.resolve("models"));
    mini = LikenessMini.publishTo(models, 1);
    data = folder.resolve("data");
    for (int i = 0; i < 12; i++) {
      Path directory = Files.createDirectories(data.resolve("training/class" + i % 3));
      Files.writeString(directory.resolve(i + ".jpg"), "image " + i);
    }
  }

  private FineTuneRunner runner(FineTuneEngine with) {
    return new FineTuneRunner(
        new FileRoots(List.of(folder), null),
        models,
        with,
        new FineTuneSettings(
            folder.resolve("work"), folder.resolve("reports"), 3, 1000, Device.AUTO),
        Clock.systemUTC());
  }

  private TrainingJob job(String id, EncoderName output, int attempt) {
    FineTuneSpec settings = FineTuneSpec.of(new TrainedScope.Head()).withEpochs(EPOCHS).withSeed(5);
    TrainingSpec spec =
        new TrainingSpec(data.toString(), MINI, output, 5, new Method.FineTune(settings));
    return new TrainingJob(
        new JobId(id),
        1,
        1,
        spec,
        new JobState.Running(
            attempt, Instant.EPOCH, new dev.likeness.trainer.job.Progress("", null), false),
        List.of(),
        Instant.EPOCH);
  }

  private PublishedModel run(TrainingJob job) throws Exception {
    return runner(engine).run(job, (Method.FineTune) job.spec().method(), context);
  }

  @Test
  void publishesAVersionThatServesBecauseItIsBetter() throws Exception {
    PublishedModel model = run(job("j1", MINI, 1));

    assertThat(model.version()).isEqualTo(2);
    assertThat(model.verdict().promoted()).isTrue();
    assertThat(model.verdict().previousVersion()).isEqualTo(1);
    assertThat(model.verdict().comparedWith()).isEqualTo("likeness-mini/1");
    assertThat(model.verdict().reason())
        .contains("score 550 against 500", "+50 (95 % interval +30 to +70, 20 queries)");
    assertThat(models.serving(MINI).orElseThrow().version().version()).isEqualTo(2);
    assertThat(context.epochs()).hasSize(EPOCHS);
    assertThat(context.notes()).anyMatch(note -> note.startsWith("likeness-mini/2 serves: better"));
  }

  @Test
  void keepsWhatServesWhenTheNewVersionIsNotBetter() throws Exception {
    engine.gain(0);

    PublishedModel model = run(job("j1", MINI, 1));

    assertThat(model.version()).isEqualTo(2);
    assertThat(model.verdict().promoted()).isFalse();
    assertThat(model.verdict().reason()).contains("not better than what serves", "difference +0");
    assertThat(models.serving(MINI)).contains(mini);
    assertThat(models.find(MINI).orElseThrow().version().version()).isEqualTo(2);
  }

  @Test
  void letsTheFirstVersionOfANameServeAndSaysWhatItWasComparedWith() throws Exception {
    engine.gain(-30);

    PublishedModel model = run(job("j1", PETS, 1));

    assertThat(model.verdict().promoted()).isTrue();
    assertThat(model.verdict().previousVersion()).isNull();
    assertThat(model.verdict().reason()).contains("first version of its name");
    assertThat(model.verdict().comparedWith()).isEqualTo("likeness-mini/1");
    assertThat(models.promotions(PETS)).extracting(Promotion::version).containsExactly(1);
  }

  @Test
  void doesNotReplaceAVersionThatItWasNotComparedWith() throws Exception {
    engine.script(
        (epoch, task) -> {
          if (epoch == 2) {
            LikenessMini.publishTo(models, 99);
          }
        });

    PublishedModel model = run(job("j1", MINI, 1));

    assertThat(model.verdict().promoted()).isFalse();
    assertThat(model.verdict().reason())
        .contains("likeness-mini/2 serves and was not measured", "trained from likeness-mini/1");
    assertThat(models.serving(MINI).orElseThrow().version().version()).isEqualTo(2);
  }

  @Test
  void goesOnFromTheCheckpointOfTheAttemptBefore() throws Exception {
    engine.script(
        (epoch, task) -> {
          if (epoch == 3 && task.workFolder().endsWith("1")) {
            throw new IllegalStateException("killed");
          }
        });
    assertThatThrownBy(() -> run(job("j1", MINI, 1))).hasMessage("killed");
    context = new RecordingContext();

    PublishedModel model = run(job("j1", MINI, 2));

    assertThat(model.version()).isEqualTo(2);
    assertThat(context.epochs()).extracting("epoch").containsExactly(3);
    assertThat(context.notes()).contains("went on after epoch 2 from a checkpoint");
    assertThat(folder.resolve("work/j1/1")).doesNotExist();
  }

  @Test
  void tellsUpToWhichStepItsWorkIsKept() throws Exception {
    run(job("j1", MINI, 1));

    assertThat(context.saved()).containsExactly(4L, 8L, 12L);
  }

  @Test
  void aWorkerThatLostItsJobDisturbsNothing() throws Exception {
    // Given a worker that loses its job in the second epoch, and another that does it meanwhile
    List<PublishedModel> models = new ArrayList<>();
    engine.script(
        (epoch, task) -> {
          if (epoch == 2 && models.isEmpty()) {
            models.add(new PublishedModel(0, "under way"));
            try {
              TrainingJob taken = job("j1", MINI, 2);
              models.add(
                  runner(engine)
                      .run(taken, (Method.FineTune) taken.spec().method(), new RecordingContext()));
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }
        });

    // When the first goes on
    assertThatThrownBy(() -> run(job("j1", MINI, 1))).isInstanceOf(TrainingFailedException.class);

    // Then there is one version, and what the other keeps until the end is there
    assertThat(models.getLast().version()).isEqualTo(2);
    assertThat(this.models.list()).hasSize(2);
    assertThat(folder.resolve("work/j1/2/trained.json")).exists();
  }

  @Test
  void decidesTheSameWhenItIsRunAgainAfterPublishing() throws Exception {
    PublishedModel first = run(job("j1", MINI, 1));
    models.promote(mini.version(), "rolled back", null, Instant.now());

    PublishedModel again = run(job("j1", MINI, 2));

    assertThat(again).isEqualTo(first);
    assertThat(models.serving(MINI)).contains(mini);
    assertThat(models.list()).hasSize(2);
  }

  @Test
  void stopsWhereItIsWhenTheJobIsCancelled() {
    engine.script(
        (epoch, task) -> {
          if (epoch == 2) {
            context.cancelAfter(0);
          }
        });

    assertThatThrownBy(() -> run(job("j1", MINI, 1))).isInstanceOf(JobInterruptedException.class);

    assertThat(models.list()).hasSize(1);
    assertThat(context.epochs()).hasSize(1);
  }

  @Test
  void forgetsCheckpointsWhenTheJobHasEnded() throws Exception {
    TrainingJob job = job("j1", MINI, 1);
    run(job);
    assertThat(folder.resolve("work/j1")).exists();

    runner(engine).forget(job);

    assertThat(folder.resolve("work/j1")).doesNotExist();
  }

  @Test
  void saysThatTheLossDivergedAndWhatWasPublished() throws Exception {
    engine.reason(FineTuneOutcome.StopReason.DIVERGED);

    run(job("j1", MINI, 1));

    assertThat(context.notes())
        .contains(
            "the loss became no number; the best weights before it, of epoch 3, are published");
  }

  @Test
  void writesAPageWithTheCurves() throws Exception {
    PublishedModel model = run(job("j1", MINI, 1));

    assertThat(Path.of(model.reportPath()))
        .content()
        .contains("likeness-mini/2", "Serves: better", "<polyline", "epoch 3", "503.0")
        .doesNotContain("http://", "https://");
  }

  @Test
  void handsTheWorkersThreadsAndTheWholeDataSetToTheEngine() throws Exception {
    Files.createDirectories(data.resolve("training/empty"));
    Path styled = Files.createDirectories(data.resolve("training/class0/sketch"));
    Files.writeString(styled.resolve("s.jpg"), "sketch");
    List<FineTuneTask> tasks = new ArrayList<>();
    engine.script((epoch, task) -> tasks.add(task));

    run(job("j1", MINI, 1));

    FineTuneTask task = tasks.getFirst();
    assertThat(task.spec().execution().threads()).isEqualTo(3);
    assertThat(task.spec().execution().imageCacheBytes()).isEqualTo(1000);
    assertThat(task.classes()).containsExactlyInAnyOrder("class0", "class1", "class2", "empty");
    assertThat(task.images()).hasSize(13);
    assertThat(task.images()).filteredOn(image -> "sketch".equals(image.style())).hasSize(1);
    assertThat(task.datasetHash()).matches("[0-9a-f]{64}");
  }

  @Test
  void failsWithTheEnginesReason() {
    FineTuneEngine refusing =
        (task, listener, stop) -> {
          throw new FineTuneException.SingleImageClass("class1");
        };
    TrainingJob job = job("j1", MINI, 1);
    assertThatThrownBy(
            () -> runner(refusing).run(job, (Method.FineTune) job.spec().method(), context))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessage("class 'class1' has one image; training needs at least two of each class");
  }

  @Test
  void failsWithoutTrainingImagesAndWithImagesOutsideOfClasses() throws Exception {
    Files.writeString(data.resolve("training/stray.jpg"), "stray");
    assertThatThrownBy(() -> run(job("j1", MINI, 1)))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("stray.jpg' lies in no class folder");

    data = Files.createDirectories(folder.resolve("nothing"));
    assertThatThrownBy(() -> run(job("j2", MINI, 1)))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("has no training images");
  }

  @Test
  void failsWhenAnotherProgramTookTheWorkFoldersPlace() throws IOException {
    Files.writeString(folder.resolve("work"), "a file");
    assertThatThrownBy(() -> run(job("j1", MINI, 1)))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("a file cannot be read or written");
  }
}
