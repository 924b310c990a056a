package dev.likeness.trainer.job;

import dev.likeness.encoders.store.Sha256;
import java.nio.charset.StandardCharsets;

/** Keys of rows that belong to data sets, whose paths are too long for an index. */
final class PolicyId {

  private PolicyId() {}

  /** Of the policy of a data set and an output encoder. */
  static String of(String datasetPath, String outputEncoder) {
    return Sha256.of((datasetPath + "\n" + outputEncoder).getBytes(StandardCharsets.UTF_8));
  }

  static String of(TrainingSpec spec) {
    return of(spec.datasetPath(), spec.outputEncoder().value());
  }

  /** Of the reports of a data set. */
  static String ofReports(String datasetPath) {
    return of(datasetPath, "");
  }
}
