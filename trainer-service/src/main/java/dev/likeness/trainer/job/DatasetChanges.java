package dev.likeness.trainer.job;

import dev.likeness.trainer.dataset.DatasetContents;
import dev.likeness.trainer.dataset.ImageStamps;
import dev.likeness.trainer.job.StampTable.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much the data sets of policies have changed. That something has changed is written down when
 * it is told; how much, when somebody has looked, which may take long. A trainer that dies in
 * between leaves the looking to the next.
 *
 * <p>Safe for use by many threads and, on PostgreSQL, by many processes.
 *
 * @see <a href="../../../../../../../../docs/adr/0031-changed-images.md">ADR 0031</a>
 */
public final class DatasetChanges {

  private final JobDatabase database;

  /** Of the policies in a database. */
  public DatasetChanges(JobDatabase database) {
    this.database = database;
  }

  /**
   * A change that nobody has looked at.
   *
   * @param policy key of the policy
   * @param datasetPath folder to look into
   * @param number grows with each change that is told
   */
  public record Told(String policy, String datasetPath, long number) {}

  /**
   * A data set was told to have changed, and to have so many training images.
   *
   * @return how many policies watch it
   */
  public int tell(String datasetPath, long images) {
    return database.inTransaction(
        connection -> {
          String sql =
              "UPDATE training_policy SET image_count = ?, told = told + 1 WHERE dataset_path = ?";
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, images);
            statement.setString(2, datasetPath);
            return statement.executeUpdate();
          }
        });
  }

  /** What was told, but not compared yet; of each policy the newest. */
  public List<Told> uncompared() {
    return database.inTransaction(
        connection -> {
          String sql = "SELECT id, dataset_path, told FROM training_policy WHERE compared < told";
          try (PreparedStatement statement = connection.prepareStatement(sql);
              ResultSet rows = statement.executeQuery()) {
            List<Told> changes = new ArrayList<>();
            while (rows.next()) {
              changes.add(new Told(rows.getString(1), rows.getString(2), rows.getLong(3)));
            }
            return changes;
          }
        });
  }

  /**
   * Writes down how many images of a policy are others than when its last job started. Where it is
   * not known which images there were, or are, that is how many more there are. Does nothing if a
   * later change was compared already.
   *
   * @param now what the data set holds; null if that cannot be found out now and is to be tried
   *     again
   */
  public void compare(Told told, @Nullable DatasetContents now) {
    boolean unused =
        database.inTransaction(
            connection -> {
              Counted counted = lock(connection, told.policy());
              return counted != null
                  && counted.compared() < told.number()
                  && compare(connection, told, counted, now);
            });
  }

  private static boolean compare(
      Connection connection, Told told, Counted counted, @Nullable DatasetContents now)
      throws SQLException {
    Long images = counted.told();
    Long different = null;
    if (now != null) {
      images = images == null ? null : (Long) now.images();
      different = now.changesSince(baseline(connection, told.policy(), now));
    }
    Long changed = images == null ? null : (Long) Math.max(0, images - counted.images());
    if (changed != null && different != null) {
      changed = Math.max(changed, different);
    }
    ImageStamps others = now == null || changed == null || changed == 0 ? null : now.stamps();
    StampTable.replace(connection, told.policy(), Snapshot.TOLD, others);
    String sql =
        "UPDATE training_policy SET image_count = ?, changed_image_count = ?, compared = ? WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, images, Types.BIGINT);
      statement.setObject(2, changed, Types.BIGINT);
      statement.setLong(3, now == null ? counted.compared() : told.number());
      statement.setString(4, told.policy());
      return statement.executeUpdate() > 0;
    }
  }

  /** A policy that does not know which images there were compares with those of now, later. */
  private static @Nullable ImageStamps baseline(
      Connection connection, String policy, DatasetContents now) throws SQLException {
    ImageStamps counted = StampTable.find(connection, policy, Snapshot.COUNTED);
    if (counted == null) {
      StampTable.replace(connection, policy, Snapshot.COUNTED, now.stamps());
    }
    return counted;
  }

  /** What a policy has counted: images as told, null before that; and when its last job started. */
  private record Counted(@Nullable Long told, long images, long compared) {}

  private static @Nullable Counted lock(Connection connection, String policy) throws SQLException {
    String sql =
        "SELECT image_count, counted_image_count, compared FROM training_policy WHERE id = ? FOR UPDATE";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, policy);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new Counted(row.getObject(1, Long.class), row.getLong(2), row.getLong(3))
            : null;
      }
    }
  }
}
