package dev.likeness.trainer.job;

import dev.likeness.trainer.job.JobState.Running;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of jobs. Every method is a part of a transaction of the caller's; each change puts its
 * events into the outbox in that same transaction.
 */
final class JobTable {

  private static final String COLUMNS = "SELECT * FROM training_job ";

  private final EventFormat events;
  private final Clock clock;

  JobTable(EventFormat events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** Adds a job that waits. */
  TrainingJob insert(
      Connection connection, JobId id, @Nullable RequestId request, TrainingSpec spec)
      throws SQLException {
    String sql =
        "INSERT INTO training_job (id, request_id, create_time, state, attempt, revision, stage,"
            + " cancel_requested, fencing_token, dataset_path, encoder, output_encoder, seed,"
            + " method, method_dimension, method_json)"
            + " VALUES (?, ?, ?, 'QUEUED', 0, 1, '', FALSE, 0, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id.value());
      statement.setString(2, request == null ? null : request.value());
      JobRow.setTime(statement, 3, now());
      JobRow.writeSpec(statement, 4, spec);
      statement.executeUpdate();
    }
    TrainingJob job = lock(connection, id.value()).job();
    Outbox.add(connection, events.eventsOf(job), now());
    return job;
  }

  /** Brings a job into its next state. */
  TrainingJob write(Connection connection, TrainingJob before, JobState after) throws SQLException {
    String lease = after instanceof Running ? "" : ", lease_owner = NULL, lease_until = NULL";
    String sql =
        "UPDATE training_job SET state = ?, attempt = ?, stage = ?, progress = ?,"
            + " cancel_requested = ?, failure_reason = ?, published_version = ?,"
            + " published_fingerprint = ?, start_time = ?, end_time = ?, figures_json = ?,"
            + " verdict_json = ?, report_path = ?, revision = revision + 1"
            + lease
            + " WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRow.writeState(statement, after);
      statement.setString(14, before.id().value());
      statement.executeUpdate();
    }
    TrainingJob job = lock(connection, before.id().value()).job();
    if (isWorthAnEvent(before.state(), after)) {
      Outbox.add(connection, events.eventsOf(job), now());
    }
    return job;
  }

  /** Every change but a mere step forward within a stage. */
  private static boolean isWorthAnEvent(JobState before, JobState after) {
    return !withoutShare(before).equals(withoutShare(after));
  }

  private static JobState withoutShare(JobState state) {
    return state instanceof Running running
        ? running.advance(new Progress(running.progress().stage(), null))
        : state;
  }

  /**
   * A job that nobody else can change until the transaction ends.
   *
   * @throws JobNotFoundException if there is none
   */
  JobRow lock(Connection connection, String id) throws SQLException {
    return select(connection, "WHERE id = ? FOR UPDATE", id)
        .orElseThrow(() -> new JobNotFoundException(id));
  }

  Optional<JobRow> select(Connection connection, String condition, String value)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS + condition)) {
      statement.setString(1, value);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(read(connection, row)) : Optional.empty();
      }
    }
  }

  /** Jobs that were accepted before another one, newest first. */
  List<TrainingJob> listBefore(Connection connection, long order, int most) throws SQLException {
    String sql = COLUMNS + "WHERE accepted_order < ? ORDER BY accepted_order DESC LIMIT ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, order);
      statement.setInt(2, most);
      List<TrainingJob> jobs = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          jobs.add(read(connection, rows).job());
        }
      }
      return jobs;
    }
  }

  private static JobRow read(Connection connection, ResultSet row) throws SQLException {
    return JobRow.read(row, JobNotes.of(connection, row.getString("id")));
  }

  /** The present time, as the database keeps it. */
  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
