package dev.likeness.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2JobStoreTest extends JobStoreContract {

  @TempDir static Path folder;

  @Override
  DatabaseSettings emptyDatabase() {
    return DatabaseSettings.h2File(folder.resolve("jobs"), 8);
  }

  @Test
  void remembersJobsAfterARestart() {
    TrainingJob job = create("j1");
    database.close();
    reopen(emptyDatabase());
    assertThat(store.get(job.id())).isEqualTo(job);
  }

  @Test
  void takesJobsOfADeadProcessOverAtOnce() {
    create("j1");
    claims.claim("dead", LEASE);
    claims.endLeasesOfDeadProcesses();
    assertThat(claims.claim("restarted", LEASE).orElseThrow().job().state().attempt()).isEqualTo(2);
  }

  @Test
  void rejectsDatabasesItDoesNotKnow() {
    assertThatThrownBy(() -> new DatabaseSettings("jdbc:mysql://x", null, null, 4))
        .hasMessageContaining("likeness.trainer.store.url");
  }
}
