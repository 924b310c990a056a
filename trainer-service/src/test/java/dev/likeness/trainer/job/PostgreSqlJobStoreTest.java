package dev.likeness.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same on a real PostgreSQL, where its binary runs (Linux on x86-64). */
class PostgreSqlJobStoreTest extends JobStoreContract {

  private static EmbeddedPostgres postgres;
  private static int databases;

  @BeforeAll
  static void start() {
    try {
      postgres = EmbeddedPostgres.builder().start();
    } catch (Exception | LinkageError e) {
      Assumptions.abort("PostgreSQL cannot be started here: " + e.getMessage());
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Override
  DatabaseSettings emptyDatabase() throws Exception {
    String name = "jobs" + databases++;
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return new DatabaseSettings(postgres.getJdbcUrl("postgres", name), "postgres", null, 8);
  }

  @Test
  void waitsForTheLeaseOfAnotherProcess() {
    create("j1");
    store.claim("may be alive", LEASE);
    store.endLeasesOfDeadProcesses();
    assertThat(store.claim("restarted", LEASE)).isEmpty();
  }
}
