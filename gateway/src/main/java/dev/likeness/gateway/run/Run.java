package dev.likeness.gateway.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run: a data set, an encoder, and what became of them. Immutable.
 *
 * @param id sorts by time
 * @param requestId the caller's id of the request that created it, null if there was none
 * @param spec what is run
 * @param state where it is in its life
 * @param work what it must remember over an interruption
 * @param warnings what the user should know, one sentence each, without repetitions
 * @param createTime when it was accepted
 */
public record Run(
    RunId id,
    @Nullable String requestId,
    RunSpec spec,
    RunState state,
    RunWork work,
    List<String> warnings,
    Instant createTime) {

  /** Copies the warnings. */
  public Run {
    warnings = List.copyOf(warnings);
  }

  /** A run that has just been accepted. */
  public static Run queued(RunId id, @Nullable String requestId, RunSpec spec, Instant now) {
    return new Run(id, requestId, spec, new RunState.Queued(), RunWork.NONE, List.of(), now);
  }

  /** The same run in another state. */
  public Run with(RunState next) {
    return new Run(id, requestId, spec, next, work, warnings, createTime);
  }

  /** The same run with other things to remember. */
  public Run with(RunWork next) {
    return new Run(id, requestId, spec, state, next, warnings, createTime);
  }

  /** The same run with one more warning, unless it has it already. */
  public Run withWarning(String warning) {
    if (warnings.contains(warning)) {
      return this;
    }
    List<String> more = new ArrayList<>(warnings);
    more.add(warning);
    return new Run(id, requestId, spec, state, work, more, createTime);
  }
}
