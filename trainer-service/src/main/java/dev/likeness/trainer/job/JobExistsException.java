package dev.likeness.trainer.job;

/** An id that may be used once stands for another job already. */
public final class JobExistsException extends TrainerException {

  private static final long serialVersionUID = 1L;

  private JobExistsException(String message) {
    super(message);
  }

  static JobExistsException ofJob(JobId id) {
    return new JobExistsException(
        "training job '%s' exists with another spec; use another id".formatted(id));
  }

  static JobExistsException ofRequest(RequestId request, JobId existing) {
    return new JobExistsException(
        "request_id '%s' stands for training job '%s', which has another spec; use another request_id"
            .formatted(Abbreviation.of(request.value()), existing));
  }
}
