package dev.likeness.trainer.finetune;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.likeness.evaluation.file.AtomicFile;
import dev.likeness.training.finetune.EpochReport;
import dev.likeness.training.finetune.FineTuneOutcome;
import dev.likeness.training.finetune.validate.ScoreDifference;
import dev.likeness.training.finetune.validate.ValidationScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a finished training measured. It is written into the job's work folder before the version is
 * published, so that a job that is run again after a crash decides on the same numbers.
 *
 * @param before validation of the encoder as it came
 * @param after validation of the trained one
 * @param difference of both, query by query
 * @param bestEpoch whose weights were taken; 0 are those at the start
 * @param startShare share of the starting weights that was mixed in, 0 to 1
 * @param history all epochs
 */
record Trained(
    ValidationScore before,
    ValidationScore after,
    ScoreDifference difference,
    FineTuneOutcome.StopReason reason,
    int bestEpoch,
    double startShare,
    List<EpochReport> history) {

  private static final String FILE = "trained.json";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
          .build();

  Trained {
    history = List.copyOf(history);
  }

  static Trained of(FineTuneOutcome.Finished outcome) {
    return new Trained(
        outcome.before(),
        outcome.after(),
        outcome.difference(),
        outcome.reason(),
        outcome.bestEpoch(),
        outcome.startShare(),
        outcome.history());
  }

  void write(Path folder) throws IOException {
    AtomicFile.write(folder.resolve(FILE), MAPPER.writeValueAsBytes(this));
  }

  /** What an earlier run wrote; empty if it did not come that far, or the folder is gone. */
  static Optional<Trained> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(MAPPER.readValue(Files.readAllBytes(file), Trained.class));
    } catch (JacksonException damaged) {
      return Optional.empty();
    }
  }
}
