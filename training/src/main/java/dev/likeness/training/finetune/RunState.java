package dev.likeness.training.finetune;

import dev.likeness.training.finetune.validate.ValidationScore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where a training is, apart from tensors. Owned by one thread. */
final class RunState {

  /** Stage that is under way, from 0. */
  int stage;

  /** Epochs of the stage that are done. */
  int epochsInStage;

  /** Epochs that were done or left out in stages before. */
  int epochsBefore;

  /** Steps that are done of the epoch under way. */
  int step;

  /** Updates of weights in the stage. */
  long updates;

  /** Sum of the losses of the epoch's steps. */
  double lossSum;

  double bestQuality = Double.NEGATIVE_INFINITY;
  int bestEpoch;

  /** Epochs since the best one, in this stage. */
  int sinceBest;

  final List<EpochReport> history = new ArrayList<>();

  /** Number of the epoch under way, from 1, over all stages. */
  int epoch() {
    return epochsBefore + epochsInStage + 1;
  }

  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("stage", String.valueOf(stage));
    values.put("epochsInStage", String.valueOf(epochsInStage));
    values.put("epochsBefore", String.valueOf(epochsBefore));
    values.put("step", String.valueOf(step));
    values.put("updates", String.valueOf(updates));
    values.put("lossSum", String.valueOf(lossSum));
    values.put("bestQuality", String.valueOf(bestQuality));
    values.put("bestEpoch", String.valueOf(bestEpoch));
    values.put("sinceBest", String.valueOf(sinceBest));
    values.put("history", history.stream().map(RunState::line).collect(Collectors.joining("\n")));
    return values;
  }

  static RunState of(Map<String, String> values) {
    RunState state = new RunState();
    state.stage = Integer.parseInt(value(values, "stage"));
    state.epochsInStage = Integer.parseInt(value(values, "epochsInStage"));
    state.epochsBefore = Integer.parseInt(value(values, "epochsBefore"));
    state.step = Integer.parseInt(value(values, "step"));
    state.updates = Long.parseLong(value(values, "updates"));
    state.lossSum = Double.parseDouble(value(values, "lossSum"));
    state.bestQuality = Double.parseDouble(value(values, "bestQuality"));
    state.bestEpoch = Integer.parseInt(value(values, "bestEpoch"));
    state.sinceBest = Integer.parseInt(value(values, "sinceBest"));
    value(values, "history").lines().map(RunState::report).forEach(state.history::add);
    return state;
  }

  private static String value(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("the checkpoint lacks '%s'".formatted(key));
    }
    return value;
  }

  private static String line(EpochReport report) {
    ValidationScore score = report.validation();
    return Arrays.asList(
            report.epoch(),
            report.stage(),
            report.loss(),
            report.learningRate(),
            score.score(),
            score.top1(),
            score.top5(),
            score.top10(),
            score.precisionAt10(),
            score.meanAveragePrecision(),
            score.queries(),
            score.gallery(),
            report.best(),
            report.imagesPerSecond() == null ? "" : report.imagesPerSecond())
        .stream()
        .map(String::valueOf)
        .collect(Collectors.joining("\t"));
  }

  private static EpochReport report(String line) {
    String[] parts = line.split("\t", -1);
    return new EpochReport(
        Integer.parseInt(parts[0]),
        parts[1],
        Double.parseDouble(parts[2]),
        Double.parseDouble(parts[3]),
        new ValidationScore(
            Double.parseDouble(parts[4]),
            Double.parseDouble(parts[5]),
            Double.parseDouble(parts[6]),
            Double.parseDouble(parts[7]),
            Double.parseDouble(parts[8]),
            Double.parseDouble(parts[9]),
            Integer.parseInt(parts[10]),
            Integer.parseInt(parts[11])),
        Boolean.parseBoolean(parts[12]),
        parts[13].isEmpty() ? null : (Double) Double.parseDouble(parts[13]),
        null);
  }
}
