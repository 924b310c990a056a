package dev.likeness.trainer.job;

import java.util.List;

/**
 * A page of jobs.
 *
 * @param jobs newest first
 * @param more whether there are older ones
 */
public record JobPage(List<TrainingJob> jobs, boolean more) {

  /** Copies the jobs. */
  public JobPage {
    jobs = List.copyOf(jobs);
  }
}
