package dev.likeness.trainer.job;

import dev.likeness.trainer.job.OutboxEvent.Payload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Events that were committed with their changes and that the broker does not have yet. An event is
 * removed only after the broker has confirmed it, so each is sent at least once; a repeat has the
 * same id.
 *
 * <p>Safe for use by many threads.
 */
public final class Outbox {

  private static final String DUTY = "outbox";

  private final JobDatabase database;
  private final Clock clock;

  /** The outbox in a database. */
  public Outbox(JobDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Takes or keeps the duty of emptying the outbox, which one process has at a time so that the
   * order of events is kept.
   *
   * @return false while another process has it
   */
  public boolean holdDuty(String owner, Duration lease) {
    Instant now = clock.instant();
    try {
      return database.inTransaction(
          connection ->
              renewDuty(connection, owner, now, lease) || takeDuty(connection, owner, now, lease));
    } catch (JobStoreException e) {
      if (JobDatabase.isDuplicate(e)) {
        return false;
      }
      throw e;
    }
  }

  private static boolean renewDuty(Connection connection, String owner, Instant now, Duration lease)
      throws SQLException {
    String sql =
        "UPDATE duty SET lease_owner = ?, lease_until = ? WHERE name = ? AND (lease_owner = ? OR lease_until < ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, owner);
      JobRow.setTime(statement, 2, now.plus(lease));
      statement.setString(3, DUTY);
      statement.setString(4, owner);
      JobRow.setTime(statement, 5, now);
      return statement.executeUpdate() == 1;
    }
  }

  private static boolean takeDuty(Connection connection, String owner, Instant now, Duration lease)
      throws SQLException {
    String sql =
        "INSERT INTO duty (name, lease_owner, lease_until) SELECT CAST(? AS VARCHAR(64)), CAST(? AS VARCHAR(200)), CAST(? AS TIMESTAMP WITH TIME ZONE)"
            + " WHERE NOT EXISTS (SELECT 1 FROM duty WHERE name = ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, DUTY);
      statement.setString(2, owner);
      JobRow.setTime(statement, 3, now.plus(lease));
      statement.setString(4, DUTY);
      return statement.executeUpdate() == 1;
    }
  }

  /** Gives the duty up, so that another process need not wait for the lease to run out. */
  public void releaseDuty(String owner) {
    database.inTransaction(
        connection -> {
          String sql = "DELETE FROM duty WHERE name = ? AND lease_owner = ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, DUTY);
            statement.setString(2, owner);
            return statement.executeUpdate();
          }
        });
  }

  /** The oldest events, in order. */
  public List<OutboxEvent> oldest(int count) {
    return database.inTransaction(
        connection -> {
          String sql = "SELECT * FROM outbox_event ORDER BY place LIMIT ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, count);
            List<OutboxEvent> events = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                events.add(read(rows));
              }
            }
            return events;
          }
        });
  }

  private static OutboxEvent read(ResultSet row) throws SQLException {
    return new OutboxEvent(
        row.getLong("place"),
        row.getString("event_id"),
        row.getString("topic"),
        row.getString("record_key"),
        row.getString("event_type"),
        new Payload(row.getBytes("payload")),
        JobRow.time(row, "event_time"));
  }

  /** Removes an event that the broker has confirmed. */
  public void remove(OutboxEvent event) {
    database.inTransaction(
        connection -> {
          String sql = "DELETE FROM outbox_event WHERE place = ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, event.position());
            return statement.executeUpdate();
          }
        });
  }

  /** Accepts events that tell of no change of a job. */
  public void send(List<EventFormat.Draft> drafts) {
    database.inTransaction(
        connection -> {
          add(connection, drafts, clock.instant());
          return drafts;
        });
  }

  /** Writes events inside the transaction of the change that they tell of. */
  static void add(Connection connection, List<EventFormat.Draft> drafts, Instant now)
      throws SQLException {
    String sql =
        "INSERT INTO outbox_event (event_id, topic, record_key, event_type, payload, event_time)"
            + " VALUES (?, ?, ?, ?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (EventFormat.Draft draft : drafts) {
        statement.setString(1, UUID.randomUUID().toString());
        statement.setString(2, draft.topic());
        statement.setString(3, draft.key());
        statement.setString(4, draft.type());
        statement.setBytes(5, draft.payload().bytes());
        JobRow.setTime(statement, 6, now);
        statement.executeUpdate();
      }
    }
  }
}
