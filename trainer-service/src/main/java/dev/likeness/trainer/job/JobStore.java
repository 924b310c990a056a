package dev.likeness.trainer.job;

import dev.likeness.trainer.job.JobState.Queued;
import dev.likeness.trainer.job.JobState.Running;
import dev.likeness.training.finetune.EpochReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The durable list of jobs: what is accepted, asked for and cancelled. Each method is one
 * transaction, and each change of a job puts its events into the outbox in that same transaction.
 * Those who work on jobs use {@link ClaimedJobs}.
 *
 * <p>Safe for use by many threads and, on PostgreSQL, by many processes.
 */
public final class JobStore {

  private final JobDatabase database;
  private final JobTable table;

  /** The store in a database; {@code events} says what each change tells others. */
  public JobStore(JobDatabase database, EventFormat events, Clock clock) {
    this.database = database;
    this.table = new JobTable(events, clock);
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
      return database.inTransaction(connection -> table.insert(connection, id, request, spec));
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
        connection -> table.select(connection, "WHERE id = ?", id.value()).map(JobRow::job));
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
        connection ->
            table.select(connection, "WHERE request_id = ?", request.value()).map(JobRow::job));
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
          List<TrainingJob> jobs =
              table.listBefore(
                  connection, beforeOrder == null ? Long.MAX_VALUE : beforeOrder, size + 1);
          boolean more = jobs.size() > size;
          return new JobPage(more ? jobs.subList(0, size) : jobs, more);
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
          TrainingJob job = table.lock(connection, id.value()).job();
          return switch (job.state()) {
            case Queued queued -> table.write(connection, job, queued.cancel(table.now()));
            case Running running when running.cancelRequested() -> job;
            case Running running -> table.write(connection, job, running.requestCancel());
            case JobState.Cancelled _ -> job;
            case JobState.Succeeded _ -> throw new JobNotCancellableException(id, "succeeded");
            case JobState.Failed _ -> throw new JobNotCancellableException(id, "failed");
          };
        });
  }

  /** Accepts a job inside a transaction that is under way. */
  TrainingJob insert(
      Connection connection, JobId id, @Nullable RequestId request, TrainingSpec spec)
      throws SQLException {
    return table.insert(connection, id, request, spec);
  }
}
