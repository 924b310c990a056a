package dev.likeness.embedder.config;

import dev.likeness.encoders.pull.DownloadSettings;
import java.util.Map;

/**
 * The environment variables that say where published weights are fetched, and through which
 * proxies: those of the process when it started.
 */
public record PullEnvironment(Map<String, String> variables) {

  public PullEnvironment {
    variables = Map.copyOf(variables);
  }

  /**
   * What they say.
   *
   * @throws IllegalArgumentException if an address among them is none
   */
  public DownloadSettings settings() {
    return DownloadSettings.of(variables);
  }

  /** Without values: one of them is a token. */
  @Override
  public String toString() {
    return "PullEnvironment[" + variables.size() + " variables]";
  }
}
