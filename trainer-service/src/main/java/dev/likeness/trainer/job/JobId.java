package dev.likeness.trainer.job;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A job's id; also the key of its events and the key under which its encoder is published once.
 *
 * @param value 1 to 128 of A-Z, a-z, 0-9, '.', '_' and '-'
 */
public record JobId(String value) {

  private static final Pattern RULE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  /** Rejects what is no id. */
  public JobId {
    if (!RULE.matcher(value).matches()) {
      throw new InvalidJobException(
          "job_id",
          "a job's id has 1 to 128 of A-Z, a-z, 0-9, '.', '_' and '-', not '%s'"
              .formatted(Abbreviation.of(value)));
    }
  }

  /** A new id. */
  public static JobId random() {
    return new JobId("job-" + UUID.randomUUID());
  }

  @Override
  public String toString() {
    return value;
  }
}
