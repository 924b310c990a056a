package dev.likeness.benchmarks.measure;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A peer in a Python process of its own, which reads one request per line and answers one line that
 * begins with {@code ok}.
 */
public final class PythonPeer implements AutoCloseable {

  /**
   * What the process runs.
   *
   * @param owner the class beside which the script lies
   * @param modules that its Python must have, for messages
   */
  public record Script(Class<?> owner, String name, String modules) {}

  private final Script script;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private PythonPeer(Script script, Process process) {
    this.script = script;
    this.process = process;
    requests = process.outputWriter();
    answers = process.inputReader();
  }

  /**
   * @param folder receives the script
   * @param environment of the process, beside our own
   */
  public static PythonPeer start(
      Path python, Script script, Path folder, Map<String, String> environment) throws IOException {
    Path copy = folder.resolve(script.name());
    try (InputStream source =
        Objects.requireNonNull(script.owner().getResourceAsStream(script.name()))) {
      Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), copy.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new PythonPeer(script, builder.start());
  }

  /**
   * @param request words with tabs between them
   * @return the answer without its {@code ok}
   */
  public String ask(String request) throws IOException {
    requests.write(request);
    requests.newLine();
    requests.flush();
    String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok ")) {
      throw new IOException(
          "the peer ended or failed on '%s': %s; does its Python have %s?"
              .formatted(request, answer, script.modules()));
    }
    return answer.substring(3);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
