package dev.likeness.trainer.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.trainer.dataset.DatasetContents;
import dev.likeness.trainer.job.ClaimedJobs;
import dev.likeness.trainer.job.DatabaseSettings;
import dev.likeness.trainer.job.DatasetChanges;
import dev.likeness.trainer.job.JobDatabase;
import dev.likeness.trainer.job.JobStore;
import dev.likeness.trainer.job.Jobs;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.MutableClock;
import dev.likeness.trainer.job.PolicyStore;
import dev.likeness.trainer.job.PublishedModel;
import dev.likeness.trainer.job.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyWatchTest {

  private static final int MIN_CHANGED = 2;

  @TempDir Path folder;
  private Path data;
  private JobDatabase database;
  private JobStore jobs;
  private DatasetChanges changes;
  private PolicyWatch watch;

  @BeforeEach
  void watchADataSet() throws IOException {
    data = folder.resolve("data");
    for (int i = 0; i < 6; i++) {
      Path image = data.resolve("training/class" + i % 2).resolve(i + ".jpg");
      Files.createDirectories(image.getParent());
      Files.writeString(image, "image " + i);
    }
    MutableClock clock = new MutableClock();
    database = JobDatabase.open(DatabaseSettings.h2File(folder.resolve("jobs"), 4));
    jobs = new JobStore(database, Jobs.TEXT_EVENTS, clock);
    changes = new DatasetChanges(database);
    PolicyStore policies = new PolicyStore(database, jobs, clock);
    JobWorker worker =
        new JobWorker(
            new ClaimedJobs(database, Jobs.TEXT_EVENTS, clock),
            (_, _) -> new PublishedModel(1, "f"),
            JobWorkerTest.SETTINGS,
            "worker",
            clock);
    watch = new PolicyWatch(policies, changes, worker, Duration.ofSeconds(1));
    EncoderName encoder = new EncoderName("pets");
    TrainingSpec spec =
        new TrainingSpec(data.toString(), encoder, encoder, 0, new Method.PcaWhitening(null));
    var unused = policies.set(spec, MIN_CHANGED, Duration.ZERO, DatasetContents.read(data));
  }

  @AfterEach
  void close() {
    watch.close();
    database.close();
  }

  private int startedAfterAnEvent() {
    assertThat(changes.tell(data.toString(), 6)).isEqualTo(1);
    return startedAfterALook();
  }

  private int startedAfterALook() {
    watch.look();
    return jobs.list(10, null).jobs().size();
  }

  private void relabel(String... names) throws IOException {
    for (String name : names) {
      Files.move(
          data.resolve("training/class0").resolve(name),
          data.resolve("training/class1").resolve(name));
    }
  }

  @Test
  void startsAJobWhenEnoughImagesHaveAnotherClass() throws IOException {
    relabel("0.jpg");
    assertThat(startedAfterAnEvent()).isZero();
    relabel("2.jpg");
    assertThat(startedAfterALook()).isZero();
    assertThat(startedAfterAnEvent()).isEqualTo(1);
  }

  @Test
  void startsNoJobWhenNothingHasChanged() {
    assertThat(startedAfterAnEvent()).isZero();
    assertThat(changes.uncompared()).isEmpty();
  }

  @Test
  void waitsForAFolderThatIsAway() throws IOException {
    relabel("0.jpg", "2.jpg");
    Path away = Files.move(data, folder.resolve("away"));
    assertThat(startedAfterAnEvent()).isZero();
    Files.createDirectories(data.resolve("training"));
    assertThat(startedAfterALook()).isZero();
    Files.delete(data.resolve("training"));
    Files.delete(data);
    Files.move(away, data);
    assertThat(startedAfterALook()).isEqualTo(1);
  }
}
