package dev.likeness.trainer.work;

import dev.likeness.trainer.job.Progress;
import dev.likeness.trainer.job.TrainingFigures;
import dev.likeness.training.finetune.EpochReport;
import java.time.Duration;

/** What a running job tells and asks its worker. Used by the thread that runs the job. */
public interface JobContext {

  /**
   * The job got further.
   *
   * @param stage what it is doing, for people; a new stage is told to others at once
   * @param share share of the whole work done, 0 to 1
   * @throws JobInterruptedException if it has to stop
   */
  void progress(String stage, double share) throws JobInterruptedException;

  /**
   * The job got further, and its figures are known.
   *
   * @throws JobInterruptedException if it has to stop
   */
  void progress(Progress further) throws JobInterruptedException;

  /**
   * An epoch is done. It is written down and told to others.
   *
   * @param epochs epochs asked for
   * @throws JobInterruptedException if it has to stop
   */
  void finishEpoch(EpochReport epoch, int epochs, Progress further) throws JobInterruptedException;

  /**
   * Another 50 steps are done. They are told to others.
   *
   * @throws JobInterruptedException if it has to stop
   */
  void finishSteps(TrainingFigures figures, Progress further) throws JobInterruptedException;

  /**
   * What is done up to here is kept: a later attempt goes on from here. May be called by a job that
   * has to stop.
   *
   * @param place grows with the work that is done, in a unit of the job's own; above 0
   * @throws JobInterruptedException if somebody else has the job
   */
  void saved(long place) throws JobInterruptedException;

  /** A fact worth knowing, in a sentence. A repeated sentence is kept once. */
  void note(String sentence) throws JobInterruptedException;

  /**
   * Asks whether to go on; cheap enough to ask before each image.
   *
   * @throws JobInterruptedException if it has to stop
   */
  void checkpoint() throws JobInterruptedException;

  /**
   * Asks the store itself whether the job is still this worker's; called before what cannot be
   * undone.
   *
   * @throws JobInterruptedException if it has to stop
   */
  void confirm() throws JobInterruptedException;

  /**
   * Waits.
   *
   * @throws JobInterruptedException as soon as it has to stop
   */
  void pause(Duration duration) throws JobInterruptedException;
}
