package dev.likeness.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
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
  void knowsJobsAndPoliciesOfTheVersionBefore() throws Exception {
    // Given a database of three migrations, with a job of nine attempts and a policy
    DatabaseSettings settings = DatabaseSettings.h2File(folder.resolve("earlier"), 4);
    Flyway.configure()
        .dataSource(settings.url(), settings.user(), settings.password())
        .locations("classpath:db/trainer")
        .table("trainer_schema_history")
        .target("3")
        .load()
        .migrate();
    try (Connection connection =
            DriverManager.getConnection(settings.url(), settings.user(), settings.password());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO training_job (id, dataset_path, encoder, output_encoder, seed, method,"
              + " state, attempt, revision, stage, cancel_requested, fencing_token, create_time,"
              + " start_time) VALUES ('old', '/data/pets', 'a', 'b', 0, 'pca-whitening', 'QUEUED',"
              + " 9, 1, '', FALSE, 9, NOW(), NOW())");
      statement.executeUpdate(
          "INSERT INTO training_policy (id, dataset_path, encoder, output_encoder, seed, method,"
              + " min_new_images, cool_down_millis, counted_image_count, started_jobs) VALUES"
              + " ('p', '/data/pets', 'a', 'b', 0, 'pca-whitening', 20, 0, 100, 0)");
    }
    database.close();
    try {
      reopen(settings);
      // When it is opened, then all attempts count, and the policy compares with what there is
      assertThat(claims.claim("w", LEASE).orElseThrow().fruitlessAttempts()).isEqualTo(9);
      assertThat(changes.uncompared()).hasSize(1);
      changes.compare(changes.uncompared().getFirst(), images(0, 100));
      assertThat(changes.uncompared()).isEmpty();
      assertThat(changed()).isNull();
      changes.tell("/data/pets", 100);
      changes.compare(changes.uncompared().getFirst(), images(7, 107));
      assertThat(changed()).isEqualTo(14);
    } finally {
      database.close();
      reopen(emptyDatabase());
    }
  }

  @Test
  void rejectsDatabasesItDoesNotKnow() {
    assertThatThrownBy(() -> new DatabaseSettings("jdbc:mysql://x", null, null, 4))
        .hasMessageContaining("likeness.trainer.store.url");
  }
}
