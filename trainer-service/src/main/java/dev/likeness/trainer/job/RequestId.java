package dev.likeness.trainer.job;

/**
 * A caller's id of a request to create a job; the same id means the same job.
 *
 * @param value 1 to 128 characters
 */
public record RequestId(String value) {

  private static final int LONGEST = 128;

  /** Rejects what is empty or too long. */
  public RequestId {
    if (value.isBlank() || value.length() > LONGEST) {
      throw new InvalidJobException(
          "request_id",
          "a request's id has 1 to 128 characters, not %d; leave it empty to do without"
              .formatted(value.length()));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
