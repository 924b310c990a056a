package dev.likeness.trainer.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The notes of jobs in the database. */
final class JobNotes {

  private static final int LONGEST = 1000;

  private JobNotes() {}

  static List<String> of(Connection connection, String id) throws SQLException {
    String sql = "SELECT sentence FROM training_job_note WHERE job_id = ? ORDER BY place";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      List<String> notes = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          notes.add(rows.getString(1));
        }
      }
      return notes;
    }
  }

  static void add(Connection connection, TrainingJob job, String sentence) throws SQLException {
    String sql = "INSERT INTO training_job_note (job_id, place, sentence) VALUES (?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, job.id().value());
      statement.setInt(2, job.notes().size());
      statement.setString(3, Abbreviation.of(sentence, LONGEST));
      statement.executeUpdate();
    }
  }
}
