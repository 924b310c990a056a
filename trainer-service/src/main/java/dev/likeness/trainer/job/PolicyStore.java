package dev.likeness.trainer.job;

import dev.likeness.encoders.store.EncoderName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The durable list of policies, and what they have counted. A job is started and counted in one
 * transaction, so that a change that is told twice, or to two trainers, starts one job.
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
   * @param imagesNow training images of the data set at this moment; new ones are counted from here
   */
  public TrainingPolicy set(
      TrainingSpec spec, long minNewImages, Duration coolDown, long imagesNow) {
    TrainingPolicy fresh =
        new TrainingPolicy(spec, minNewImages, coolDown, null, imagesNow, 0, null, null);
    try {
      return database.inTransaction(connection -> put(connection, fresh));
    } catch (JobStoreException e) {
      if (!JobDatabase.isDuplicate(e)) {
        throw e;
      }
      return database.inTransaction(connection -> put(connection, fresh));
    }
  }

  private static TrainingPolicy put(Connection connection, TrainingPolicy fresh)
      throws SQLException {
    String id = idOf(fresh.spec());
    String sql =
        lock(connection, id).isPresent()
            ? "UPDATE training_policy SET dataset_path = ?, encoder = ?, output_encoder = ?, seed = ?,"
                + " method = ?, method_dimension = ?, method_json = ?, min_new_images = ?,"
                + " cool_down_millis = ? WHERE id = ?"
            : "INSERT INTO training_policy (dataset_path, encoder, output_encoder, seed, method,"
                + " method_dimension, method_json, min_new_images, cool_down_millis, id,"
                + " counted_image_count, started_jobs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                + fresh.countedImageCount()
                + ", 0)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRow.writeSpec(statement, 1, fresh.spec());
      statement.setLong(8, fresh.minNewImages());
      statement.setLong(9, fresh.coolDown().toMillis());
      statement.setString(10, id);
      statement.executeUpdate();
    }
    return lock(connection, id).orElseThrow();
  }

  /**
   * Removes a policy.
   *
   * @throws PolicyNotFoundException if there is none
   */
  public void remove(String datasetPath, EncoderName outputEncoder) {
    int removed =
        database.inTransaction(
            connection -> {
              String sql = "DELETE FROM training_policy WHERE id = ?";
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, idOf(datasetPath, outputEncoder.value()));
                return statement.executeUpdate();
              }
            });
    if (removed == 0) {
      throw new PolicyNotFoundException(datasetPath, outputEncoder.value());
    }
  }

  /** All policies, by data set and output encoder. */
  public List<TrainingPolicy> list() {
    return database.inTransaction(
        connection -> {
          String sql = "SELECT * FROM training_policy ORDER BY dataset_path, output_encoder";
          try (PreparedStatement statement = connection.prepareStatement(sql);
              ResultSet rows = statement.executeQuery()) {
            List<TrainingPolicy> policies = new ArrayList<>();
            while (rows.next()) {
              policies.add(read(rows));
            }
            return policies;
          }
        });
  }

  /**
   * A data set was told to have so many training images.
   *
   * @return how many policies watch it
   */
  public int count(String datasetPath, long images) {
    return database.inTransaction(
        connection -> {
          String sql = "UPDATE training_policy SET image_count = ? WHERE dataset_path = ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, images);
            statement.setString(2, datasetPath);
            return statement.executeUpdate();
          }
        });
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
        String id = idOf(policy.spec());
        database.inTransaction(connection -> startIfDue(connection, id)).ifPresent(started::add);
      }
    }
    return started;
  }

  private Optional<TrainingJob> startIfDue(Connection connection, String id) throws SQLException {
    Optional<TrainingPolicy> found = lock(connection, id);
    if (found.isEmpty() || !found.get().due(now()) || hasOpenJob(connection, found.get())) {
      return Optional.empty();
    }
    TrainingPolicy policy = found.get();
    JobId job = new JobId("auto-%s-%d".formatted(id.substring(0, 12), policy.startedJobs() + 1));
    TrainingJob started = jobs.insert(connection, job, null, policy.spec());
    String sql =
        "UPDATE training_policy SET counted_image_count = image_count, started_jobs = started_jobs + 1,"
            + " last_job_id = ?, last_job_time = ? WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, job.value());
      JobRow.setTime(statement, 2, now());
      statement.setString(3, id);
      statement.executeUpdate();
    }
    return Optional.of(started);
  }

  /** Images that arrive while a job runs wait for the next one. */
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

  /**
   * Remembers how many training images a data set had at a report, and sends events with it.
   *
   * @return the number at the report before; null at the first
   */
  public @Nullable Long report(
      String datasetPath,
      long images,
      java.util.function.Function<@Nullable Long, List<EventFormat.Draft>> events) {
    String id = idOf(datasetPath, "");
    Optional<Long> before =
        database.inTransaction(
            connection -> {
              Optional<Long> known = known(connection, id);
              remember(connection, id, datasetPath, images, known.isPresent());
              Outbox.add(connection, events.apply(known.orElse(null)), now());
              return known;
            });
    return before.orElse(null);
  }

  private static Optional<Long> known(Connection connection, String id) throws SQLException {
    String sql = "SELECT image_count FROM dataset_report WHERE id = ? FOR UPDATE";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
      }
    }
  }

  private static void remember(
      Connection connection, String id, String datasetPath, long images, boolean known)
      throws SQLException {
    String sql =
        known
            ? "UPDATE dataset_report SET image_count = ?, dataset_path = ? WHERE id = ?"
            : "INSERT INTO dataset_report (image_count, dataset_path, id) VALUES (?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, images);
      statement.setString(2, datasetPath);
      statement.setString(3, id);
      statement.executeUpdate();
    }
  }

  private static Optional<TrainingPolicy> lock(Connection connection, String id)
      throws SQLException {
    String sql = "SELECT * FROM training_policy WHERE id = ? FOR UPDATE";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(read(row)) : Optional.empty();
      }
    }
  }

  private static TrainingPolicy read(ResultSet row) throws SQLException {
    String lastJob = row.getString("last_job_id");
    return new TrainingPolicy(
        JobRow.spec(row),
        row.getLong("min_new_images"),
        Duration.ofMillis(row.getLong("cool_down_millis")),
        row.getObject("image_count", Long.class),
        row.getLong("counted_image_count"),
        row.getLong("started_jobs"),
        lastJob == null ? null : new JobId(lastJob),
        JobRow.optionalTime(row, "last_job_time"));
  }

  private static String idOf(TrainingSpec spec) {
    return idOf(spec.datasetPath(), spec.outputEncoder().value());
  }

  private static String idOf(String datasetPath, String outputEncoder) {
    try {
      byte[] text = (datasetPath + "\n" + outputEncoder).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
