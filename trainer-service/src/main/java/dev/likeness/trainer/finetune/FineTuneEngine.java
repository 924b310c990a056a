package dev.likeness.trainer.finetune;

import dev.likeness.training.finetune.FineTuneListener;
import dev.likeness.training.finetune.FineTuneOutcome;
import dev.likeness.training.finetune.FineTuneTask;
import dev.likeness.training.finetune.StopSignal;

/** What trains: the library on libtorch, or something quicker in tests. */
@FunctionalInterface
public interface FineTuneEngine {

  /** Trains until the end or the signal, and goes on from the checkpoint in the work folder. */
  FineTuneOutcome run(FineTuneTask task, FineTuneListener listener, StopSignal stop);
}
