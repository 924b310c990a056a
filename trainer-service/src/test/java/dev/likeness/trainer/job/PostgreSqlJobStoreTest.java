package dev.likeness.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The same on a real PostgreSQL, where its binary runs (Linux on x86-64). */
class PostgreSqlJobStoreTest extends JobStoreContract {

  private EmbeddedPostgres postgres;

  @AfterAll
  void stop() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  @Override
  DatabaseSettings emptyDatabase() {
    try {
      postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(5)).start();
    } catch (Exception | LinkageError e) {
      Assumptions.abort("PostgreSQL cannot be started here: " + e.getMessage());
    }
    return new DatabaseSettings(postgres.getJdbcUrl("postgres", "postgres"), "postgres", null, 8);
  }

  @Test
  void waitsForTheLeaseOfAnotherProcess() {
    create("j1");
    claims.claim("may be alive", LEASE);
    claims.endLeasesOfDeadProcesses();
    assertThat(claims.claim("restarted", LEASE)).isEmpty();
  }
}
