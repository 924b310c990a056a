package dev.likeness.benchmarks.training;

import dev.likeness.benchmarks.measure.PythonPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch in a Python process of its own, which reads one request per line and answers one line:
 * see {@code torch_peer.py}, which builds the networks from plain modules.
 */
final class TorchPeer implements AutoCloseable {

  /** Networks that the script can build. */
  static final List<String> NETWORKS = List.of("resnet34", "vit-b16");

  private static final PythonPeer.Script SCRIPT =
      new PythonPeer.Script(TorchPeer.class, "torch_peer.py", "torch");

  private final PythonPeer process;
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
    Map<String, String> environment = new HashMap<>();
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    // As ours has it: with spinning workers PyTorch is slower on a busy machine, too.
    environment.put("OMP_WAIT_POLICY", "PASSIVE");
    if (preload != null) {
      environment.put("LD_PRELOAD", preload.toString());
    }
    this.batch = batch;
    process = PythonPeer.start(python, SCRIPT, folder, environment);
    String[] loaded =
        process.ask("load\t%s\t%d\t%d".formatted(network, batch, threads)).split(" ", -1);
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
    String unused = process.ask("steps\t" + count);
    return (long) count * batch;
  }

  @Override
  public void close() {
    process.close();
  }
}
