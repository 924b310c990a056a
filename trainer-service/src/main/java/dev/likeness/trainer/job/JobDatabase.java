package dev.likeness.trainer.job;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.flywaydb.core.Flyway;

/**
 * The database of the jobs: its connections, its schema and its transactions. The isolation is READ
 * COMMITTED; whoever changes a row locks it first.
 *
 * <p>Safe for use by many threads.
 */
public final class JobDatabase implements AutoCloseable {

  /** Deadlocks and lock timeouts: the transaction did nothing and may be tried again. */
  private static final Set<String> TRANSIENT_STATES = Set.of("40001", "40P01", "HYT00", "HYT01");

  private static final String UNIQUE_VIOLATION = "23505";
  private static final int MAX_TRIES = 4;

  private final AgroalDataSource dataSource;
  private final boolean exclusive;

  private JobDatabase(AgroalDataSource dataSource, boolean exclusive) {
    this.dataSource = dataSource;
    this.exclusive = exclusive;
  }

  /** Work inside a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Connects and brings the schema up to date.
   *
   * @throws JobStoreException if the database cannot be reached or another process has the file
   */
  public static JobDatabase open(DatabaseSettings settings) {
    try {
      AgroalDataSource dataSource = pool(settings);
      try {
        migrate(dataSource);
        return new JobDatabase(dataSource, settings.exclusive());
      } catch (RuntimeException e) {
        dataSource.close();
        throw e;
      }
    } catch (SQLException | RuntimeException e) {
      throw new JobStoreException(
          "the job store %s cannot be opened: %s; is another trainer using it, or the database down?"
              .formatted(settings.url(), e.getMessage()),
          e);
    }
  }

  private static AgroalDataSource pool(DatabaseSettings settings) throws SQLException {
    return AgroalDataSource.from(
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(settings.connections())
                        .acquisitionTimeout(Duration.ofSeconds(10))
                        .connectionFactoryConfiguration(
                            factory -> {
                              factory
                                  .jdbcUrl(settings.url())
                                  .connectionProviderClassName(settings.driver());
                              if (settings.user() != null) {
                                factory.principal(new NamePrincipal(settings.user()));
                              }
                              if (settings.password() != null) {
                                factory.credential(new SimplePassword(settings.password()));
                              }
                              return factory;
                            })));
  }

  private static void migrate(AgroalDataSource dataSource) {
    Flyway.configure(JobDatabase.class.getClassLoader())
        .dataSource(dataSource)
        .locations("classpath:db/trainer")
        .table("trainer_schema_history")
        .load()
        .migrate();
  }

  /** Whether no other process can have this database open. */
  boolean exclusive() {
    return exclusive;
  }

  /**
   * Runs work in a transaction of its own, again if the database broke it off because of others.
   *
   * @throws JobStoreException if the database fails
   */
  <T> T inTransaction(Work<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return once(work);
      } catch (SQLException e) {
        if (tries == MAX_TRIES || !TRANSIENT_STATES.contains(String.valueOf(e.getSQLState()))) {
          throw new JobStoreException("the job store does not answer as expected", e);
        }
      }
    }
  }

  private <T> T once(Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  /** Whether a failure means that a row with the same unique value exists. */
  static boolean isDuplicate(JobStoreException failure) {
    return failure.getCause() instanceof SQLException cause
        && UNIQUE_VIOLATION.equals(cause.getSQLState());
  }

  @Override
  public void close() {
    dataSource.close();
  }
}
