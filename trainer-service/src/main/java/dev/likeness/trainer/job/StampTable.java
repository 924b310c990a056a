package dev.likeness.trainer.job;

import dev.likeness.trainer.dataset.ImageStamps;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which images a data set held, as policies and reports remember it. Long lists take several rows,
 * since H2 keeps at most 1 MiB in one. Every method is a part of a transaction of the caller's.
 */
final class StampTable {

  private static final int BYTES_PER_ROW = 32_768 * ImageStamps.BYTES_PER_IMAGE;

  private StampTable() {}

  /** What the images are compared with, and what they were when they were last compared. */
  enum Snapshot {
    COUNTED,
    TOLD
  }

  /** Null if nothing is remembered. */
  static @Nullable ImageStamps find(Connection connection, String owner, Snapshot snapshot)
      throws SQLException {
    String sql =
        "SELECT stamps FROM image_stamps WHERE owner_id = ? AND snapshot = ? ORDER BY part";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      statement.setString(2, snapshot.name());
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      boolean found = false;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found = true;
          bytes.writeBytes(rows.getBytes(1));
        }
      }
      return found ? ImageStamps.of(bytes.toByteArray()) : null;
    }
  }

  /**
   * Remembers these in place of what was remembered.
   *
   * @param stamps null to remember nothing
   */
  static void replace(
      Connection connection, String owner, Snapshot snapshot, @Nullable ImageStamps stamps)
      throws SQLException {
    remove(connection, owner, snapshot);
    if (stamps == null) {
      return;
    }
    byte[] bytes = stamps.bytes();
    String sql = "INSERT INTO image_stamps (owner_id, snapshot, part, stamps) VALUES (?, ?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      statement.setString(2, snapshot.name());
      int part = 0;
      int from = 0;
      do {
        int to = Math.min(bytes.length, from + BYTES_PER_ROW);
        statement.setInt(3, part++);
        statement.setBytes(4, Arrays.copyOfRange(bytes, from, to));
        statement.executeUpdate();
        from = to;
      } while (from < bytes.length);
    }
  }

  /** What was told is what is compared with from now on. */
  static void count(Connection connection, String owner) throws SQLException {
    remove(connection, owner, Snapshot.COUNTED);
    String sql = "UPDATE image_stamps SET snapshot = ? WHERE owner_id = ? AND snapshot = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, Snapshot.COUNTED.name());
      statement.setString(2, owner);
      statement.setString(3, Snapshot.TOLD.name());
      statement.executeUpdate();
    }
  }

  static void remove(Connection connection, String owner) throws SQLException {
    for (Snapshot snapshot : Snapshot.values()) {
      remove(connection, owner, snapshot);
    }
  }

  private static void remove(Connection connection, String owner, Snapshot snapshot)
      throws SQLException {
    String sql = "DELETE FROM image_stamps WHERE owner_id = ? AND snapshot = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      statement.setString(2, snapshot.name());
      statement.executeUpdate();
    }
  }
}
