package dev.likeness.trainer.config;

import java.util.UUID;

/**
 * Name of this process in leases.
 *
 * @param value unique among all processes that ever use the job store
 */
public record ProcessName(String value) {

  /** A name nobody had before. */
  public static ProcessName unique() {
    return new ProcessName("trainer-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID());
  }
}
