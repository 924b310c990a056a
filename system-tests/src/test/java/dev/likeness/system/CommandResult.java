package dev.likeness.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * What a command of {@code ./likeness} left behind.
 *
 * @param command the words after {@code ./likeness}
 * @param exitCode its exit code
 * @param output its standard output
 * @param errors its standard error
 */
record CommandResult(List<String> command, int exitCode, String output, String errors) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The JSON object that {@code --json} promises as the last line of standard output. */
  JsonNode json() {
    String last = output.strip().lines().reduce((first, second) -> second).orElse("");
    try {
      return JSON.readTree(last);
    } catch (JsonProcessingException e) {
      throw new AssertionError("the last line of standard output is not JSON; " + this, e);
    }
  }

  /** This result, if the command succeeded. */
  CommandResult succeeded() {
    if (exitCode != 0) {
      throw new AssertionError("the command failed; " + this);
    }
    return this;
  }
}
