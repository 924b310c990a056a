package dev.likeness.trainer.job;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.trainer.job.JobState.Cancelled;
import dev.likeness.trainer.job.JobState.Failed;
import dev.likeness.trainer.job.JobState.Queued;
import dev.likeness.trainer.job.JobState.Running;
import dev.likeness.trainer.job.JobState.Succeeded;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code training_job}: the job and what only the store knows of it.
 *
 * @param job the job
 * @param token highest fencing token given out
 * @param leaseUntil when the claim of the one who has it ends; null if nobody has it
 * @param savedAttempt the last attempt that got further than all before it; 0 if none did
 */
record JobRow(TrainingJob job, long token, @Nullable Instant leaseUntil, int savedAttempt) {

  static final String PCA_WHITENING = "pca-whitening";
  static final String FINE_TUNE = "fine-tune";

  private static final int LONGEST_STAGE = 500;
  private static final int LONGEST_REASON = 4000;

  /** Name of a state in the database and in metrics. */
  static String nameOf(JobState state) {
    return switch (state) {
      case Queued _ -> "QUEUED";
      case Running _ -> "RUNNING";
      case Succeeded _ -> "SUCCEEDED";
      case Failed _ -> "FAILED";
      case Cancelled _ -> "CANCELLED";
    };
  }

  static JobRow read(ResultSet row, List<String> notes) throws SQLException {
    TrainingJob job =
        new TrainingJob(
            new JobId(row.getString("id")),
            row.getLong("accepted_order"),
            row.getLong("revision"),
            spec(row),
            state(row),
            notes,
            time(row, "create_time"));
    return new JobRow(
        job,
        row.getLong("fencing_token"),
        optionalTime(row, "lease_until"),
        row.getInt("saved_attempt"));
  }

  static TrainingSpec spec(ResultSet row) throws SQLException {
    return new TrainingSpec(
        row.getString("dataset_path"),
        new EncoderName(row.getString("encoder")),
        new EncoderName(row.getString("output_encoder")),
        row.getLong("seed"),
        method(row));
  }

  private static Method method(ResultSet row) throws SQLException {
    String method = row.getString("method");
    return switch (method) {
      case PCA_WHITENING ->
          new Method.PcaWhitening(row.getObject("method_dimension", Integer.class));
      case FINE_TUNE -> new Method.FineTune(required(row, "method_json", FineTuneSpec.class));
      default ->
          throw new SQLException(
              "this version of the trainer does not know the method '" + method + "'");
    };
  }

  private static JobState state(ResultSet row) throws SQLException {
    int attempt = row.getInt("attempt");
    String state = row.getString("state");
    return switch (state) {
      case "QUEUED" -> new Queued(attempt, optionalTime(row, "start_time"));
      case "RUNNING" ->
          new Running(
              attempt,
              time(row, "start_time"),
              new Progress(
                  row.getString("stage"),
                  row.getObject("progress", Double.class),
                  JobJson.read(row.getString("figures_json"), TrainingFigures.class)),
              row.getBoolean("cancel_requested"));
      case "SUCCEEDED" ->
          new Succeeded(
              attempt,
              time(row, "start_time"),
              time(row, "end_time"),
              new PublishedModel(
                  row.getInt("published_version"),
                  row.getString("published_fingerprint"),
                  JobJson.read(row.getString("verdict_json"), PromotionVerdict.class),
                  row.getString("report_path")));
      case "FAILED" ->
          new Failed(
              attempt,
              time(row, "start_time"),
              time(row, "end_time"),
              row.getString("failure_reason"));
      case "CANCELLED" ->
          new Cancelled(attempt, optionalTime(row, "start_time"), time(row, "end_time"));
      default -> throw new SQLException("a job has the unknown state '" + state + "'");
    };
  }

  private static <T extends Record> T required(ResultSet row, String column, Class<T> type)
      throws SQLException {
    return Objects.requireNonNull(JobJson.read(row.getString(column), type), column);
  }

  /** Writes the spec into parameters {@code first} to {@code first + 6}. */
  static void writeSpec(PreparedStatement statement, int first, TrainingSpec spec)
      throws SQLException {
    statement.setString(first, spec.datasetPath());
    statement.setString(first + 1, spec.encoder().value());
    statement.setString(first + 2, spec.outputEncoder().value());
    statement.setLong(first + 3, spec.seed());
    switch (spec.method()) {
      case Method.PcaWhitening pca -> {
        statement.setString(first + 4, PCA_WHITENING);
        statement.setObject(first + 5, pca.dimension(), Types.INTEGER);
        statement.setString(first + 6, null);
      }
      case Method.FineTune fineTune -> {
        statement.setString(first + 4, FINE_TUNE);
        statement.setObject(first + 5, null, Types.INTEGER);
        statement.setString(first + 6, JobJson.write(fineTune.spec()));
      }
    }
  }

  /** Writes the state into parameters 1 to 13. */
  static void writeState(PreparedStatement statement, JobState state) throws SQLException {
    Progress progress = state instanceof Running running ? running.progress() : Progress.NONE;
    PublishedModel model = state instanceof Succeeded succeeded ? succeeded.model() : null;
    statement.setString(1, nameOf(state));
    statement.setInt(2, state.attempt());
    statement.setString(3, Abbreviation.of(progress.stage(), LONGEST_STAGE));
    statement.setObject(4, progress.share(), Types.DOUBLE);
    statement.setBoolean(5, state instanceof Running running && running.cancelRequested());
    statement.setString(
        6,
        state instanceof Failed failed ? Abbreviation.of(failed.reason(), LONGEST_REASON) : null);
    statement.setObject(7, model == null ? null : model.version(), Types.INTEGER);
    statement.setString(8, model == null ? null : model.fingerprint());
    setTime(statement, 9, state.startTime());
    setTime(statement, 10, state instanceof JobState.Ended ended ? ended.endTime() : null);
    statement.setString(11, JobJson.write(progress.figures()));
    statement.setString(12, model == null ? null : JobJson.write(model.verdict()));
    statement.setString(13, model == null ? null : model.reportPath());
  }

  static void setTime(PreparedStatement statement, int parameter, @Nullable Instant time)
      throws SQLException {
    statement.setObject(
        parameter,
        time == null ? null : time.atOffset(ZoneOffset.UTC),
        Types.TIMESTAMP_WITH_TIMEZONE);
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(optionalTime(row, column), column);
  }

  static @Nullable Instant optionalTime(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
