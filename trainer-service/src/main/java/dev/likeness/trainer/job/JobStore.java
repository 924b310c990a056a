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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The durable list of jobs. Each method is one transaction, and each change of a job puts its
 * events into the outbox in that same transaction.
 *
 * <p>A running job belongs to the holder of its newest {@link Claim}. A claim ends when its lease
 * has run out and somebody else has claimed the job; the fencing token makes sure that the earlier
 * holder, however late it wakes up, changes nothing any more.
 *
 * <p>Safe for use by many threads and, on PostgreSQL, by many processes, whose clocks must agree to
 * well within a lease.
 */
public final class JobStore {

  private static final String COLUMNS = "SELECT * FROM training_job ";

  private final JobDatabase database;
  private final EventFormat events;
  private final Clock clock;

  /** The store in a database; {@code events} says what each change tells others. */
  public JobStore(JobDatabase database, EventFormat events, Clock clock) {
    this.database = database;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Accepts a job once: a repeat with the same id or request id gives the job that exists.
   *
   * @param request the caller's id of the request, null for none
   * @throws JobExistsException if one of the ids stands for a job with another spec
   */
  public TrainingJob create(JobId id, @Nullable RequestId request, TrainingSpec spec) {
    Optional<TrainingJob> existing = findExisting(id, request, spec);
    if (existing.isPresent()) {
      return existing.get();
    }
    try {
      return database.inTransaction(connection -> insert(connection, id, request, spec));
    } catch (JobStoreException e) {
      if (!JobDatabase.isDuplicate(e)) {
        throw e;
      }
      return findExisting(id, request, spec).orElseThrow(() -> e);
    }
  }

  /**
   * The job that an id or a request id stands for already.
   *
   * @throws JobExistsException if that job has another spec
   */
  public Optional<TrainingJob> findExisting(
      JobId id, @Nullable RequestId request, TrainingSpec spec) {
    Optional<TrainingJob> byId = find(id);
    if (byId.isPresent()) {
      if (!byId.get().spec().equals(spec)) {
        throw JobExistsException.ofJob(id);
      }
      return byId;
    }
    if (request == null) {
      return Optional.empty();
    }
    Optional<TrainingJob> byRequest = findByRequest(request);
    byRequest
        .filter(job -> !job.spec().equals(spec))
        .ifPresent(
            job -> {
              throw JobExistsException.ofRequest(request, job.id());
            });
    return byRequest;
  }

  /** A job. */
  public Optional<TrainingJob> find(JobId id) {
    return database.inTransaction(
        connection -> select(connection, "WHERE id = ?", id.value()).map(JobRow::job));
  }

  /**
   * A job that must exist.
   *
   * @throws JobNotFoundException if there is none
   */
  public TrainingJob get(JobId id) {
    return find(id).orElseThrow(() -> new JobNotFoundException(id.value()));
  }

  private Optional<TrainingJob> findByRequest(RequestId request) {
    return database.inTransaction(
        connection -> select(connection, "WHERE request_id = ?", request.value()).map(JobRow::job));
  }

  /**
   * Jobs, newest first.
   *
   * @param size at most this many
   * @param beforeOrder only jobs accepted before this one; null from the newest
   */
  public JobPage list(int size, @Nullable Long beforeOrder) {
    return database.inTransaction(
        connection -> {
          String sql = COLUMNS + "WHERE accepted_order < ? ORDER BY accepted_order DESC LIMIT ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, beforeOrder == null ? Long.MAX_VALUE : beforeOrder);
            statement.setInt(2, size + 1);
            List<TrainingJob> jobs = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                jobs.add(read(connection, rows).job());
              }
            }
            boolean more = jobs.size() > size;
            return new JobPage(more ? jobs.subList(0, size) : jobs, more);
          }
        });
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
      JobRow.setTime(statement, 1, now());
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
    JobRow row = lock(connection, id);
    Instant now = now();
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
    TrainingJob job = write(connection, row.job(), running);
    String sql =
        "UPDATE training_job SET lease_owner = ?, lease_until = ?, fencing_token = ? WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      JobRow.setTime(statement, 2, now.plus(lease));
      statement.setLong(3, row.token() + 1);
      statement.setString(4, id);
      statement.executeUpdate();
    }
    return Optional.of(new Claim(job, owner, row.token() + 1));
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
            JobRow.setTime(statement, 1, now().plus(lease));
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
          return write(connection, claimed.row().job(), transition.apply(claimed.running(), now()));
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
            write(connection, job, job.state());
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
          Outbox.add(connection, events.epochFinished(id, epoch, epochs), now());
          return write(connection, claimed.row().job(), claimed.running().advance(further));
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
          Outbox.add(connection, events.stepsFinished(claim.job().id(), figures), now());
          return write(connection, claimed.row().job(), claimed.running().advance(further));
        });
  }

  /** The epochs that a job has done, in order. */
  public List<EpochReport> epochs(JobId id) {
    return database.inTransaction(connection -> JobEpochs.of(connection, id.value()));
  }

  /**
   * Ends a waiting job, or asks the worker of a running one to end it. A cancelled job stays as it
   * is.
   *
   * @throws JobNotFoundException if there is none
   * @throws JobNotCancellableException if it has ended otherwise
   */
  public TrainingJob cancel(JobId id) {
    return database.inTransaction(
        connection -> {
          TrainingJob job = lock(connection, id.value()).job();
          return switch (job.state()) {
            case Queued queued -> write(connection, job, queued.cancel(now()));
            case Running running when running.cancelRequested() -> job;
            case Running running -> write(connection, job, running.requestCancel());
            case JobState.Cancelled _ -> job;
            case JobState.Succeeded _ -> throw new JobNotCancellableException(id, "succeeded");
            case JobState.Failed _ -> throw new JobNotCancellableException(id, "failed");
          };
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

  /** Accepts a job inside a transaction that is under way. */
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

  private TrainingJob write(Connection connection, TrainingJob before, JobState after)
      throws SQLException {
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

  private record ClaimedRow(JobRow row, Running running) {}

  private ClaimedRow lockClaimed(Connection connection, Claim claim) throws SQLException {
    JobRow row = lock(connection, claim.job().id().value());
    if (row.token() != claim.token() || !(row.job().state() instanceof Running running)) {
      throw new LeaseLostException(claim);
    }
    return new ClaimedRow(row, running);
  }

  private JobRow lock(Connection connection, String id) throws SQLException {
    return select(connection, "WHERE id = ? FOR UPDATE", id)
        .orElseThrow(() -> new JobNotFoundException(id));
  }

  private static Optional<JobRow> select(Connection connection, String condition, String value)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS + condition)) {
      statement.setString(1, value);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(read(connection, row)) : Optional.empty();
      }
    }
  }

  private static JobRow read(Connection connection, ResultSet row) throws SQLException {
    return JobRow.read(row, JobNotes.of(connection, row.getString("id")));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
