package dev.likeness.trainer.job;

import dev.likeness.trainer.job.JobState.Ended;
import dev.likeness.trainer.job.JobState.Queued;
import dev.likeness.trainer.job.JobState.Running;
import dev.likeness.training.finetune.EpochReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The worker's side of the list of jobs: who works on what, and how far it is. Each method is one
 * transaction with its events.
 *
 * <p>A running job belongs to the holder of its newest {@link Claim}. A claim ends when its lease
 * has run out and somebody else has claimed the job; the fencing token makes sure that the earlier
 * holder, however late it wakes up, changes nothing any more.
 *
 * <p>Safe for use by many threads and, on PostgreSQL, by many processes, whose clocks must agree to
 * well within a lease.
 */
public final class ClaimedJobs {

  private final JobDatabase database;
  private final EventFormat events;
  private final JobTable table;

  /** The jobs in a database; {@code events} says what each change tells others. */
  public ClaimedJobs(JobDatabase database, EventFormat events, Clock clock) {
    this.database = database;
    this.events = events;
    this.table = new JobTable(events, clock);
  }

  /**
   * Gives the oldest job that waits, or that runs on a lease that has run out, to a worker.
   *
   * @param owner name of the worker's process, at most 200 characters
   * @param lease how long the claim holds without a {@link #renew heartbeat}
   */
  public Optional<Claim> claim(String owner, Duration lease) {
    for (String candidate : database.inTransaction(this::claimable)) {
      Optional<Claim> claim =
          database.inTransaction(connection -> take(connection, candidate, owner, lease));
      if (claim.isPresent()) {
        return claim;
      }
    }
    return Optional.empty();
  }

  private List<String> claimable(Connection connection) throws SQLException {
    String sql =
        "SELECT id FROM training_job WHERE state = 'QUEUED'"
            + " OR (state = 'RUNNING' AND (lease_until IS NULL OR lease_until < ?)) ORDER BY accepted_order LIMIT 20";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRow.setTime(statement, 1, table.now());
      List<String> ids = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString(1));
        }
      }
      return ids;
    }
  }

  private Optional<Claim> take(Connection connection, String id, String owner, Duration lease)
      throws SQLException {
    JobRow row = table.lock(connection, id);
    Instant now = table.now();
    Instant heldUntil = row.leaseUntil();
    Running running;
    switch (row.job().state()) {
      case Queued queued -> running = queued.start(now);
      case Running taken when heldUntil == null || heldUntil.isBefore(now) ->
          running = taken.takeOver();
      case Running _, Ended _ -> {
        return Optional.empty();
      }
    }
    TrainingJob job = table.write(connection, row.job(), running);
    String sql =
        "UPDATE training_job SET lease_owner = ?, lease_until = ?, fencing_token = ? WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      JobRow.setTime(statement, 2, now.plus(lease));
      statement.setLong(3, row.token() + 1);
      statement.setString(4, id);
      statement.executeUpdate();
    }
    int fruitless = running.attempt() - 1 - row.savedAttempt();
    return Optional.of(new Claim(job, owner, row.token() + 1, fruitless));
  }

  /**
   * A heartbeat: the claim holds for another lease.
   *
   * @return whether the job's cancellation is requested
   * @throws LeaseLostException if the job was taken over or has ended
   */
  public boolean renew(Claim claim, Duration lease) {
    return database.inTransaction(
        connection -> {
          Running running = lockClaimed(connection, claim).running();
          String sql = "UPDATE training_job SET lease_until = ? WHERE id = ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            JobRow.setTime(statement, 1, table.now().plus(lease));
            statement.setString(2, claim.job().id().value());
            statement.executeUpdate();
          }
          return running.cancelRequested();
        });
  }

  /**
   * Changes a claimed job.
   *
   * @param transition from the running state and the present time to the next state
   * @throws LeaseLostException if the job was taken over or has ended; nothing is changed
   */
  public TrainingJob change(Claim claim, Transition transition) {
    return database.inTransaction(
        connection -> {
          ClaimedRow claimed = lockClaimed(connection, claim);
          return table.write(
              connection, claimed.row().job(), transition.apply(claimed.running(), table.now()));
        });
  }

  /** A way out of the running state. */
  @FunctionalInterface
  public interface Transition {

    /** The next state. */
    JobState apply(Running running, Instant now);
  }

  /**
   * Adds a note to a claimed job.
   *
   * @throws LeaseLostException if the job was taken over or has ended; nothing is changed
   */
  public void addNote(Claim claim, String sentence) {
    database.inTransaction(
        connection -> {
          TrainingJob job = lockClaimed(connection, claim).row().job();
          if (!job.notes().contains(sentence)) {
            JobNotes.add(connection, job, sentence);
            table.write(connection, job, job.state());
          }
          return sentence;
        });
  }

  /**
   * Writes an epoch of a claimed job down, and tells of it.
   *
   * @param further how far the job is with it
   * @throws LeaseLostException if the job was taken over or has ended; nothing is changed
   */
  public void finishEpoch(Claim claim, EpochReport epoch, Progress further, int epochs) {
    database.inTransaction(
        connection -> {
          ClaimedRow claimed = lockClaimed(connection, claim);
          JobId id = claim.job().id();
          JobEpochs.put(connection, id.value(), epoch);
          Outbox.add(connection, events.epochFinished(id, epoch, epochs), table.now());
          return table.write(connection, claimed.row().job(), claimed.running().advance(further));
        });
  }

  /**
   * Writes down where a claimed job stands, and tells of it.
   *
   * @throws LeaseLostException if the job was taken over or has ended; nothing is changed
   */
  public void finishSteps(Claim claim, TrainingFigures figures, Progress further) {
    database.inTransaction(
        connection -> {
          ClaimedRow claimed = lockClaimed(connection, claim);
          Outbox.add(connection, events.stepsFinished(claim.job().id(), figures), table.now());
          return table.write(connection, claimed.row().job(), claimed.running().advance(further));
        });
  }

  /**
   * Writes down that work is kept up to some place, so that the attempt at it was not fruitless. A
   * place that an earlier attempt came to is nothing new.
   *
   * @param place grows with the work that is done, above 0
   * @throws LeaseLostException if the job was taken over or has ended; nothing is changed
   */
  public void getFurther(Claim claim, long place) {
    database.inTransaction(
        connection -> {
          Running running = lockClaimed(connection, claim).running();
          String sql =
              "UPDATE training_job SET saved_place = ?, saved_attempt = ? WHERE id = ? AND saved_place < ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, place);
            statement.setInt(2, running.attempt());
            statement.setString(3, claim.job().id().value());
            statement.setLong(4, place);
            return statement.executeUpdate();
          }
        });
  }

  /**
   * Ends all leases if no other process can be behind them, so that a restarted service takes its
   * own jobs over at once instead of waiting for their leases to run out. Called before the first
   * claim.
   */
  public void endLeasesOfDeadProcesses() {
    if (!database.exclusive()) {
      return;
    }
    database.inTransaction(
        connection -> {
          String sql = "UPDATE training_job SET lease_until = NULL WHERE state = 'RUNNING'";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
          }
        });
  }

  private record ClaimedRow(JobRow row, Running running) {}

  private ClaimedRow lockClaimed(Connection connection, Claim claim) throws SQLException {
    JobRow row = table.lock(connection, claim.job().id().value());
    if (row.token() != claim.token() || !(row.job().state() instanceof Running running)) {
      throw new LeaseLostException(claim);
    }
    return new ClaimedRow(row, running);
  }
}
