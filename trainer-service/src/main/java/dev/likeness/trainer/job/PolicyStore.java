package dev.likeness.trainer.job;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.trainer.dataset.DatasetContents;
import dev.likeness.trainer.job.StampTable.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The durable list of policies, and the jobs that they start. A job is started and its images
 * counted in one transaction, so that a change that is told twice, or to two trainers, starts one
 * job. How much has changed is written down by {@link DatasetChanges}.
 *
 * <p>Safe for use by many threads and, on PostgreSQL, by many processes.
 *
 * @see <a href="../../../../../../../../docs/adr/0014-closed-loop.md">ADR 0014</a>
 */
public final class PolicyStore {

  private final JobDatabase database;
  private final JobStore jobs;
  private final Clock clock;

  /** The policies in a database, which start jobs in its store. */
  public PolicyStore(JobDatabase database, JobStore jobs, Clock clock) {
    this.database = database;
    this.jobs = jobs;
    this.clock = clock;
  }

  /**
   * Sets or replaces a policy. A replaced one keeps what it has counted.
   *
   * @param now what the data set holds at this moment; changes are counted from here
   */
  public TrainingPolicy set(
      TrainingSpec spec, long minNewImages, Duration coolDown, DatasetContents now) {
    TrainingPolicy fresh =
        new TrainingPolicy(spec, minNewImages, coolDown, null, now.images(), null, 0, null, null);
    try {
      return database.inTransaction(connection -> put(connection, fresh, now));
    } catch (JobStoreException e) {
      if (!JobDatabase.isDuplicate(e)) {
        throw e;
      }
      return database.inTransaction(connection -> put(connection, fresh, now));
    }
  }

  private static TrainingPolicy put(
      Connection connection, TrainingPolicy fresh, DatasetContents now) throws SQLException {
    String id = PolicyId.of(fresh.spec());
    if (PolicyTable.lock(connection, id).isPresent()) {
      PolicyTable.update(connection, id, fresh);
    } else {
      PolicyTable.insert(connection, id, fresh);
      StampTable.replace(connection, id, Snapshot.COUNTED, now.stamps());
    }
    return PolicyTable.lock(connection, id).orElseThrow();
  }

  /**
   * Removes a policy.
   *
   * @throws PolicyNotFoundException if there is none
   */
  public void remove(String datasetPath, EncoderName outputEncoder) {
    String id = PolicyId.of(datasetPath, outputEncoder.value());
    boolean removed =
        database.inTransaction(
            connection -> {
              StampTable.remove(connection, id);
              return PolicyTable.delete(connection, id);
            });
    if (!removed) {
      throw new PolicyNotFoundException(datasetPath, outputEncoder.value());
    }
  }

  /** All policies, by data set and output encoder. */
  public List<TrainingPolicy> list() {
    return database.inTransaction(PolicyTable::list);
  }

  /**
   * Starts the jobs that are due.
   *
   * @return those that were started now
   */
  public List<TrainingJob> startDue() {
    List<TrainingJob> started = new ArrayList<>();
    for (TrainingPolicy policy : list()) {
      if (policy.due(now())) {
        String id = PolicyId.of(policy.spec());
        database.inTransaction(connection -> startIfDue(connection, id)).ifPresent(started::add);
      }
    }
    return started;
  }

  private Optional<TrainingJob> startIfDue(Connection connection, String id) throws SQLException {
    Optional<TrainingPolicy> found = PolicyTable.lock(connection, id);
    if (found.isEmpty() || !found.get().due(now()) || hasOpenJob(connection, found.get())) {
      return Optional.empty();
    }
    TrainingPolicy policy = found.get();
    JobId job = new JobId("auto-%s-%d".formatted(id.substring(0, 12), policy.startedJobs() + 1));
    TrainingJob started = jobs.insert(connection, job, null, policy.spec());
    PolicyTable.count(connection, id, job, now());
    StampTable.count(connection, id);
    return Optional.of(started);
  }

  /** Images that change while a job runs wait for the next one. */
  private static boolean hasOpenJob(Connection connection, TrainingPolicy policy)
      throws SQLException {
    if (policy.lastJob() == null) {
      return false;
    }
    String sql = "SELECT end_time FROM training_job WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, policy.lastJob().value());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getObject(1, OffsetDateTime.class) == null;
      }
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
