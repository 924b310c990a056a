package dev.likeness.evaluation.record;

import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The runs of one model, averaged.
 *
 * @param rank place from 1; rows with equal figures have different ranks, by name
 * @param modelName name of the model
 * @param runs number of runs
 * @param finetunedRuns number of runs known to be fine-tuned
 * @param topK the different numbers of answers per query among the runs
 * @param means column ({@link ResultsTable#COLUMNS}) → mean
 */
public record ResultsRow(
    int rank,
    String modelName,
    int runs,
    int finetunedRuns,
    Set<Integer> topK,
    SequencedMap<String, Mean> means) {

  /** The mean of a column. */
  public Mean mean(String column) {
    return Objects.requireNonNull(means.get(column), column);
  }
}
