package dev.likeness.trainer.job;

import dev.likeness.trainer.dataset.DatasetContents;
import dev.likeness.trainer.job.StampTable.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What data sets held when their changes were reported here.
 *
 * <p>Safe for use by many threads and, on PostgreSQL, by many processes.
 */
public final class DatasetReports {

  private final JobDatabase database;
  private final Clock clock;

  /** The reports in a database. */
  public DatasetReports(JobDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * What is different from the report before.
   *
   * @param added images more, negative if fewer; null at the first report
   * @param changed images that are new, gone, replaced or moved; null where that is not known
   */
  public record Difference(@Nullable Long added, @Nullable Long changed) {}

  /**
   * Remembers what a data set holds, and sends events with it.
   *
   * @param events of the difference from the report before
   */
  public Difference report(
      String datasetPath,
      DatasetContents now,
      Function<Difference, List<EventFormat.Draft>> events) {
    String id = PolicyId.ofReports(datasetPath);
    return database.inTransaction(
        connection -> {
          Optional<Long> known = known(connection, id);
          Difference difference =
              new Difference(
                  known.map(images -> now.images() - images).orElse(null),
                  now.changesSince(StampTable.find(connection, id, Snapshot.COUNTED)));
          remember(connection, id, datasetPath, now.images(), known.isPresent());
          StampTable.replace(connection, id, Snapshot.COUNTED, now.stamps());
          Outbox.add(connection, events.apply(difference), now());
          return difference;
        });
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

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
