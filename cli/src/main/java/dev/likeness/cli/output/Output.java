package dev.likeness.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import java.io.PrintStream;

/**
 * The two streams of a command. For people, results go to standard output and the rest to standard
 * error; for programs ({@code --json}), standard output holds one JSON object and nothing else.
 *
 * <p>Texts of servers and file names may hold control characters that would steer a terminal; they
 * are shown as question marks.
 */
public final class Output {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private final boolean terminal;

  /**
   * @param out standard output
   * @param err standard error
   * @param json whether a JSON object is wanted
   * @param terminal whether standard error is a terminal, so that lines can be redrawn
   */
  public Output(PrintStream out, PrintStream err, boolean json, boolean terminal) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.terminal = terminal;
  }

  /** A line of the result, for people. */
  public void result(String line) {
    (json ? err : out).println(harmless(line));
  }

  /** A line beside the result: what is being done, what one should know. */
  public void note(String line) {
    err.println(harmless(line));
  }

  /** The result for programs; printed only if wanted. */
  public void finish(ObjectNode result) {
    if (json) {
      out.println(JsonDocument.line(result));
    }
    out.flush();
  }

  /** A failure: a sentence for people, and an object for programs if wanted. */
  public void fail(CommandFailure failure) {
    err.println("likeness: " + harmless(failure.sentence()));
    ObjectNode partial = failure.partialResult();
    ObjectNode result = partial == null ? JsonDocument.object() : partial.deepCopy();
    result.putObject("error").put("reason", failure.reason()).put("message", failure.sentence());
    finish(result);
  }

  /** Redraws the line of progress; nothing where that is impossible. */
  void redraw(String line) {
    if (terminal) {
      err.print("\r\u001b[K" + harmless(line));
      err.flush();
    }
  }

  boolean isTerminal() {
    return terminal;
  }

  private static String harmless(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n]]", "?");
  }
}
