package dev.likeness.trainer.work;

import dev.likeness.trainer.job.Progress;
import dev.likeness.trainer.job.TrainingFigures;
import dev.likeness.trainer.work.JobInterruptedException.Cause;
import dev.likeness.training.finetune.EpochReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A context that remembers, waits not at all, and stops the job when it is told to. */
public final class RecordingContext implements JobContext {

  private final List<String> notes = new ArrayList<>();
  private final Set<String> stages = new LinkedHashSet<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final List<EpochReport> epochs = new ArrayList<>();
  private final List<TrainingFigures> figures = new ArrayList<>();
  private final List<Long> saved = new ArrayList<>();
  private double share;
  private int checkpointsLeft = Integer.MAX_VALUE;

  /** Cancels the job at this checkpoint, counted from now. */
  public void cancelAfter(int checkpoints) {
    checkpointsLeft = checkpoints;
  }

  /** What was noted. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** The stages in their order. */
  public List<String> stages() {
    return List.copyOf(stages);
  }

  /** The epochs that were finished. */
  public List<EpochReport> epochs() {
    return List.copyOf(epochs);
  }

  /** The figures in their order. */
  public List<TrainingFigures> figures() {
    return List.copyOf(figures);
  }

  /** The places up to which work is kept. */
  public List<Long> saved() {
    return List.copyOf(saved);
  }

  /** How long the job wanted to wait. */
  public List<Duration> pauses() {
    return List.copyOf(pauses);
  }

  /** How long that is together. */
  public Duration waited() {
    return pauses.stream().reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public void progress(String stage, double newShare) throws JobInterruptedException {
    checkpoint();
    if (newShare < share) {
      throw new AssertionError("progress went back from " + share + " to " + newShare);
    }
    share = newShare;
    stages.add(stage);
  }

  @Override
  public void progress(Progress further) throws JobInterruptedException {
    progress(further.stage(), further.share() == null ? share : further.share());
    if (further.figures() != null) {
      figures.add(further.figures());
    }
  }

  @Override
  public void finishEpoch(EpochReport epoch, int ofEpochs, Progress further)
      throws JobInterruptedException {
    progress(further);
    epochs.add(epoch);
  }

  @Override
  public void finishSteps(TrainingFigures where, Progress further) throws JobInterruptedException {
    progress(further);
  }

  @Override
  public void saved(long place) {
    saved.add(place);
  }

  @Override
  public void note(String sentence) {
    notes.add(sentence);
  }

  @Override
  public void checkpoint() throws JobInterruptedException {
    if (checkpointsLeft-- <= 0) {
      throw new JobInterruptedException(Cause.CANCELLED);
    }
  }

  @Override
  public void confirm() throws JobInterruptedException {
    checkpoint();
  }

  @Override
  public void pause(Duration duration) {
    pauses.add(duration);
  }
}
