package dev.likeness.trainer.job;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Figures about the job store, for metrics and health. Safe for use by many threads. */
public final class JobStatistics {

  private final JobDatabase database;
  private final Clock clock;

  /** Of a database. */
  public JobStatistics(JobDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** How many jobs are in each state that occurs, by the state's name in the contract. */
  public Map<String, Long> jobsByState() {
    return database.inTransaction(
        connection -> {
          String sql = "SELECT state, COUNT(*) FROM training_job GROUP BY state";
          Map<String, Long> counts = new TreeMap<>();
          try (PreparedStatement statement = connection.prepareStatement(sql);
              ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              counts.put(rows.getString(1), rows.getLong(2));
            }
          }
          return counts;
        });
  }

  /** How long the oldest waiting job has waited; empty if none waits. */
  public Optional<Duration> queueAge() {
    return database.inTransaction(
        connection -> {
          String sql =
              "SELECT create_time FROM training_job WHERE state = 'QUEUED' ORDER BY accepted_order LIMIT 1";
          try (PreparedStatement statement = connection.prepareStatement(sql);
              ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) {
              return Optional.empty();
            }
            Instant created = JobRow.time(rows, "create_time");
            return Optional.of(Duration.between(created, clock.instant()));
          }
        });
  }

  /** Events that the broker does not have yet. */
  public long outboxBacklog() {
    return database.inTransaction(
        connection -> {
          try (PreparedStatement statement =
                  connection.prepareStatement("SELECT COUNT(*) FROM outbox_event");
              ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }
}
