package dev.likeness.training.finetune;

import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.training.finetune.validate.ScoreDifference;
import dev.likeness.training.finetune.validate.ValidationScore;
import java.util.List;

/** How a fine-tuning ended. */
public sealed interface FineTuneOutcome {

  /** Why no further epoch was trained. */
  enum StopReason {
    /** All epochs were done. */
    COMPLETED,
    /** No better validation for as many epochs as there was patience. */
    NO_LONGER_BETTER,
    /** The loss became infinite or no number; the best weights before it are kept. */
    DIVERGED
  }

  /**
   * It ended by itself.
   *
   * @param draft ready for {@code ModelStore.publish}
   * @param before validation of the encoder as it came
   * @param after validation of the draft
   * @param difference between the two, query by query
   * @param bestEpoch whose weights the draft holds; 0 are those at the start
   * @param startShare share of the starting weights that was mixed in, [0, 1]
   * @param notes sentences for people
   */
  record Finished(
      PackageDraft draft,
      ValidationScore before,
      ValidationScore after,
      ScoreDifference difference,
      StopReason reason,
      int bestEpoch,
      double startShare,
      List<EpochReport> history,
      List<String> notes)
      implements FineTuneOutcome {
    public Finished {
      history = List.copyOf(history);
      notes = List.copyOf(notes);
    }
  }

  /**
   * It was asked to stop; a checkpoint is in the work folder.
   *
   * @param epoch that was under way, from 1
   * @param step steps of it that were done
   */
  record Stopped(int epoch, int step) implements FineTuneOutcome {}
}
