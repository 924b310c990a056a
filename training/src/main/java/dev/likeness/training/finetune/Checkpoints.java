package dev.likeness.training.finetune;

import dev.likeness.encoders.store.Sha256;
import dev.likeness.training.finetune.checkpoint.CheckpointFolder;
import dev.likeness.training.finetune.failure.FineTuneException;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Saves and finds the state of one task. Owned by one thread. */
final class Checkpoints {

  private final CheckpointFolder folder;
  private final String key;
  private final Duration interval;
  private final FineTuneListener listener;
  private Map<String, String> found = Map.of();
  private long number;
  private long lastWritten = System.nanoTime();

  /**
   * @param interval of time between two checkpoints; 0 writes one at every update
   * @param listener is told of each
   */
  Checkpoints(FineTuneTask task, Duration interval, FineTuneListener listener) {
    this.folder = new CheckpointFolder(task.workFolder());
    this.key = key(task);
    this.interval = interval;
    this.listener = listener;
  }

  /**
   * The state of the newest checkpoint.
   *
   * @throws FineTuneException.CheckpointNotUsable if it is of another task
   */
  Optional<RunState> saved() {
    Optional<Map<String, String>> newest = folder.newest();
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    found = newest.get();
    if (!key.equals(found.get("task"))) {
      throw new FineTuneException.CheckpointNotUsable(
          "the work folder holds the checkpoint of another task; take an empty folder", null);
    }
    try {
      number = Long.parseLong(found.getOrDefault("number", "0"));
      return Optional.of(RunState.of(found));
    } catch (IllegalArgumentException unknown) {
      throw new FineTuneException.CheckpointNotUsable(
          "the checkpoint was written by another version; remove it to start anew", unknown);
    }
  }

  /** Fills a stage with the tensors of the checkpoint that was found. */
  void load(Stage stage) {
    try {
      folder.readNewest(stage::read);
      Map<String, Long> steps = new HashMap<>();
      found
          .getOrDefault("steps", "")
          .lines()
          .forEach(
              line -> {
                int tab = line.lastIndexOf('\t');
                steps.put(line.substring(0, tab), Long.parseLong(line.substring(tab + 1)));
              });
      stage.resume(steps);
    } catch (IllegalArgumentException unknown) {
      throw new FineTuneException.CheckpointNotUsable(
          "the checkpoint does not fit the network; remove it to start anew", unknown);
    }
  }

  void writeIfDue(RunState state, Stage stage) {
    if (System.nanoTime() - lastWritten >= interval.toNanos()) {
      write(state, stage);
    }
  }

  void write(RunState state, Stage stage) {
    Map<String, String> values = new LinkedHashMap<>(state.values());
    values.put("task", key);
    values.put("number", String.valueOf(++number));
    values.put(
        "steps",
        stage.steps().entrySet().stream()
            .map(steps -> steps.getKey() + "\t" + steps.getValue())
            .collect(Collectors.joining("\n")));
    folder.write(number, values, stage::write);
    lastWritten = System.nanoTime();
    listener.onCheckpoint(new FineTuneListener.Checkpoint(state.epoch(), state.step));
  }

  /** All that decides what is computed; the machine is left out. */
  private static String key(FineTuneTask task) {
    FineTuneSpec spec = task.spec();
    String images =
        task.images().stream()
            .map(image -> image.path() + "\t" + image.className() + "\t" + image.style())
            .sorted()
            .collect(Collectors.joining("\n"));
    String text =
        spec.withExecution(spec.execution().anywhere())
            + "\n"
            + task.base().fingerprint().value()
            + "\n"
            + task.datasetHash()
            + "\n"
            + images;
    return Sha256.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
