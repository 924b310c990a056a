package dev.likeness.training.finetune;

import java.util.List;

/** Is told how it goes, by the thread that trains; what it throws ends the training. */
public interface FineTuneListener {

  /** Hears nothing. */
  FineTuneListener SILENT = new FineTuneListener() {};

  /**
   * What is about to happen.
   *
   * @param trainImages images trained on
   * @param validationImages images held out
   * @param classes trained on
   * @param trainedValues numbers that are trained
   * @param allValues numbers of the network
   * @param stepsPerEpoch updates in an epoch
   * @param epochs of all stages
   * @param resumedAtEpoch epochs that an earlier run finished
   * @param notes sentences for people: images passed over, limits lowered, device
   */
  record Start(
      int trainImages,
      int validationImages,
      int classes,
      long trainedValues,
      long allValues,
      int stepsPerEpoch,
      int epochs,
      int resumedAtEpoch,
      List<String> notes) {
    public Start {
      notes = List.copyOf(notes);
    }
  }

  /**
   * A step was done.
   *
   * @param epoch from 1, over all stages
   * @param step in the epoch, from 1
   * @param loss mean since the last message
   */
  record Step(int epoch, int step, int stepsPerEpoch, double loss, double learningRate) {}

  /**
   * What is saved.
   *
   * @param epoch the one under way, from 1, over all stages
   * @param step steps of it that are done
   */
  record Checkpoint(int epoch, int step) {}

  /** Before the first step. */
  default void onStart(Start start) {}

  /** Something long before or between epochs goes on, such as computing features once. */
  default void onProgress(String stage, double share) {}

  /** At every 50th step of an epoch. */
  default void onStep(Step step) {}

  /** A checkpoint was written: a run that goes on later goes on from there. */
  default void onCheckpoint(Checkpoint checkpoint) {}

  /** After each epoch's validation. */
  default void onEpoch(EpochReport epoch) {}
}
