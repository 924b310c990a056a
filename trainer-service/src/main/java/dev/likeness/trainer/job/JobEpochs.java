package dev.likeness.trainer.job;

import dev.likeness.training.finetune.EpochReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The epochs of jobs in the database. */
final class JobEpochs {

  private JobEpochs() {}

  static List<EpochReport> of(Connection connection, String job) throws SQLException {
    String sql = "SELECT epoch_json FROM training_epoch WHERE job_id = ? ORDER BY epoch";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, job);
      List<EpochReport> epochs = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          EpochReport epoch = JobJson.read(rows.getString(1), EpochReport.class);
          if (epoch != null) {
            epochs.add(epoch);
          }
        }
      }
      return epochs;
    }
  }

  /**
   * Writes an epoch. A job that was resumed may do an epoch again: then this and all later ones go.
   */
  static void put(Connection connection, String job, EpochReport epoch) throws SQLException {
    String outdated = "DELETE FROM training_epoch WHERE job_id = ? AND epoch >= ?";
    try (PreparedStatement statement = connection.prepareStatement(outdated)) {
      statement.setString(1, job);
      statement.setInt(2, epoch.epoch());
      statement.executeUpdate();
    }
    String sql = "INSERT INTO training_epoch (job_id, epoch, epoch_json) VALUES (?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, job);
      statement.setInt(2, epoch.epoch());
      statement.setString(3, JobJson.write(epoch));
      statement.executeUpdate();
    }
  }
}
