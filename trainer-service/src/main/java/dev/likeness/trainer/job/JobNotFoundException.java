package dev.likeness.trainer.job;

/** There is no such job. */
public final class JobNotFoundException extends TrainerException {

  private static final long serialVersionUID = 1L;

  JobNotFoundException(String id) {
    super(
        "there is no training job '%s'; list the jobs to see which exist"
            .formatted(Abbreviation.of(id)));
  }
}
