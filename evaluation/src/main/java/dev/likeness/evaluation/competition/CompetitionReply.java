package dev.likeness.evaluation.competition;

import org.jspecify.annotations.Nullable;

/** What became of a submission. */
public sealed interface CompetitionReply {
  /**
   * The server took it.
   *
   * @param accuracy the figure it answered: on the servers known to us the weighted score, 0 to
   *     1000; null when it named none
   * @param raw its reply as sent, at most 1 MiB
   */
  record Accepted(@Nullable Double accuracy, String raw) implements CompetitionReply {}

  /**
   * The server answered that it did not take it; sending the same again will not help.
   *
   * @param status HTTP status
   * @param message what the server said, shortened, without control characters
   */
  record Rejected(int status, String message) implements CompetitionReply {}

  /**
   * The server was not reached or did not answer in time. The submission is kept and sent by {@link
   * CompetitionClient#retryQueued()}.
   *
   * @param reason what happened and what to do
   */
  record Queued(String reason) implements CompetitionReply {}
}
