package dev.likeness.trainer.job;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the jobs are kept.
 *
 * @param url JDBC address of an H2 file or of PostgreSQL
 * @param user null for the database's default
 * @param password null for none
 * @param connections at most this many at a time, at least 2
 */
public record DatabaseSettings(
    String url, @Nullable String user, @Nullable String password, int connections) {

  private static final String H2 = "jdbc:h2:";
  private static final String POSTGRESQL = "jdbc:postgresql:";

  /** Rejects databases that the trainer does not know. */
  public DatabaseSettings {
    if (!url.startsWith(H2) && !url.startsWith(POSTGRESQL)) {
      throw new IllegalArgumentException(
          "the job store is an H2 file (jdbc:h2:file:…) or PostgreSQL (jdbc:postgresql:…), not '%s'; repair likeness.trainer.store.url"
              .formatted(url));
    }
    if (connections < 2) {
      throw new IllegalArgumentException(
          "the job store needs at least 2 connections, not " + connections);
    }
  }

  /**
   * An H2 file. Each commit is written at once (WRITE_DELAY=0; the default of half a second would
   * lose acknowledged jobs when the process is killed).
   */
  public static DatabaseSettings h2File(Path file, int connections) {
    return new DatabaseSettings(
        H2
            + "file:"
            + file.toAbsolutePath()
            + ";WRITE_DELAY=0;LOCK_TIMEOUT=10000;DB_CLOSE_ON_EXIT=FALSE",
        null,
        null,
        connections);
  }

  /** Whether only one process at a time can have the database open. */
  boolean exclusive() {
    return url.startsWith(H2 + "file:");
  }

  /** Class of the driver. */
  String driver() {
    return url.startsWith(H2) ? "org.h2.Driver" : "org.postgresql.Driver";
  }
}
