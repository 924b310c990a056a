package dev.likeness.benchmarks.training;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch in a Python process of its own, which reads one request per line and answers one line:
 * see {@code torch_peer.py}, which builds the networks from plain modules.
 */
final class TorchPeer implements AutoCloseable {

  /** Networks that the script can build. */
  static final List<String> NETWORKS = List.of("resnet34", "vit-b16");

  private static final String SCRIPT = "torch_peer.py";

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final int batch;
  private final String version;
  private final long trainedValues;

  /**
   * @param folder receives the script
   * @param preload a library that its process loads first, such as a BLAS that is faster than the
   *     one its PyTorch was built with
   */
  TorchPeer(
      Path python, Path folder, String network, int batch, int threads, @Nullable Path preload)
      throws IOException {
    try (InputStream script = Objects.requireNonNull(TorchPeer.class.getResourceAsStream(SCRIPT))) {
      Files.copy(script, folder.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), folder.resolve(SCRIPT).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    // As ours has it: with spinning workers PyTorch is slower on a busy machine, too.
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    if (preload != null) {
      builder.environment().put("LD_PRELOAD", preload.toString());
    }
    this.batch = batch;
    process = builder.start();
    requests = process.outputWriter();
    answers = process.inputReader();
    String[] loaded = ask("load\t%s\t%d\t%d".formatted(network, batch, threads)).split(" ", -1);
    version = loaded[0];
    trainedValues = Long.parseLong(loaded[1]);
  }

  String version() {
    return version;
  }

  /** Numbers that are trained. */
  long trainedValues() {
    return trainedValues;
  }

  /** Answers the images that it took. */
  long steps(int count) throws IOException {
    String unused = ask("steps\t" + count);
    return (long) count * batch;
  }

  private String ask(String request) throws IOException {
    requests.write(request);
    requests.newLine();
    requests.flush();
    String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok ")) {
      throw new IOException(
          "the peer ended or failed on '%s': %s; does its Python have torch?"
              .formatted(request, answer));
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
