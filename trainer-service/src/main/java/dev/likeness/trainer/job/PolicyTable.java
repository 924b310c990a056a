package dev.likeness.trainer.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of policies. Every method is a part of a transaction of the caller's. */
final class PolicyTable {

  private PolicyTable() {}

  /** All of them, by data set and output encoder. */
  static List<TrainingPolicy> list(Connection connection) throws SQLException {
    String sql = "SELECT * FROM training_policy ORDER BY dataset_path, output_encoder";
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      List<TrainingPolicy> policies = new ArrayList<>();
      while (rows.next()) {
        policies.add(read(rows));
      }
      return policies;
    }
  }

  /** A policy that nobody else can change until the transaction ends. */
  static Optional<TrainingPolicy> lock(Connection connection, String id) throws SQLException {
    String sql = "SELECT * FROM training_policy WHERE id = ? FOR UPDATE";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(read(row)) : Optional.empty();
      }
    }
  }

  static void insert(Connection connection, String id, TrainingPolicy fresh) throws SQLException {
    write(
        connection,
        "INSERT INTO training_policy (dataset_path, encoder, output_encoder, seed, method,"
            + " method_dimension, method_json, min_new_images, cool_down_millis, id,"
            + " counted_image_count, started_jobs, told, compared)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            + fresh.countedImageCount()
            + ", 0, 0, 0)",
        id,
        fresh);
  }

  /** Replaces what people have set; what was counted stays. */
  static void update(Connection connection, String id, TrainingPolicy fresh) throws SQLException {
    write(
        connection,
        "UPDATE training_policy SET dataset_path = ?, encoder = ?, output_encoder = ?, seed = ?,"
            + " method = ?, method_dimension = ?, method_json = ?, min_new_images = ?,"
            + " cool_down_millis = ? WHERE id = ?",
        id,
        fresh);
  }

  private static void write(Connection connection, String sql, String id, TrainingPolicy policy)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      JobRow.writeSpec(statement, 1, policy.spec());
      statement.setLong(8, policy.minNewImages());
      statement.setLong(9, policy.coolDown().toMillis());
      statement.setString(10, id);
      statement.executeUpdate();
    }
  }

  /** A job was started: what was told is counted. */
  static void count(Connection connection, String id, JobId started, Instant now)
      throws SQLException {
    String sql =
        "UPDATE training_policy SET counted_image_count = image_count, changed_image_count = 0,"
            + " started_jobs = started_jobs + 1, last_job_id = ?, last_job_time = ? WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, started.value());
      JobRow.setTime(statement, 2, now);
      statement.setString(3, id);
      statement.executeUpdate();
    }
  }

  /** Returns whether there was one. */
  static boolean delete(Connection connection, String id) throws SQLException {
    String sql = "DELETE FROM training_policy WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      return statement.executeUpdate() > 0;
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
        row.getObject("changed_image_count", Long.class),
        row.getLong("started_jobs"),
        lastJob == null ? null : new JobId(lastJob),
        JobRow.optionalTime(row, "last_job_time"));
  }
}
