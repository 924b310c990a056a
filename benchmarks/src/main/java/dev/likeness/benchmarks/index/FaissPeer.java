package dev.likeness.benchmarks.index;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * FAISS' IndexFlatIP, or IndexHNSWFlat, in a Python process of its own, which reads one request per
 * line and answers one line: see {@code faiss_peer.py}.
 */
final class FaissPeer implements AutoCloseable {

  /**
   * OpenBLAS chooses kernels by the processor's name and takes old ones for what it does not know;
   * each of these is tried, and the fastest is what we are compared with.
   */
  private static final List<String> BLAS_CORES =
      List.of("", "SkylakeX", "Cooperlake", "SapphireRapids", "Zen");

  private static final String SCRIPT = "faiss_peer.py";
  private static final int BATCH = 1000;

  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final String blasCore;
  private final String version;

  private FaissPeer(Process process, String blasCore, Path folder, int dimension, int threads)
      throws IOException {
    this.process = process;
    this.blasCore = blasCore;
    requests = process.outputWriter();
    answers = process.inputReader();
    version =
        ask(
            "load\t%d\t%d\t%s\t%s"
                .formatted(
                    dimension, threads, folder.resolve("rows.f32"), folder.resolve("queries.f32")));
  }

  /**
   * Starts the fastest.
   *
   * @param folder holds rows.f32 and queries.f32, and receives the script
   */
  static FaissPeer fastest(Path python, Path folder, int dimension, int threads)
      throws IOException {
    copyScript(folder);
    Optional<String> best = Optional.empty();
    long leastNanos = Long.MAX_VALUE;
    for (String core : BLAS_CORES) {
      try (FaissPeer peer = start(python, folder, dimension, threads, core)) {
        peer.search(0, BATCH, 1);
        for (int i = 0; i < 3; i++) {
          long nanos = peer.search(0, BATCH, 1);
          if (nanos < leastNanos) {
            leastNanos = nanos;
            best = Optional.of(core);
          }
        }
      }
    }
    return start(python, folder, dimension, threads, best.orElseThrow());
  }

  /** Starts one that is to search by graph, which needs no BLAS. */
  static FaissPeer withGraph(Path python, Path folder, int dimension, int threads)
      throws IOException {
    copyScript(folder);
    return start(python, folder, dimension, threads, "");
  }

  private static void copyScript(Path folder) throws IOException {
    try (InputStream script = Objects.requireNonNull(FaissPeer.class.getResourceAsStream(SCRIPT))) {
      Files.copy(script, folder.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static FaissPeer start(
      Path python, Path folder, int dimension, int threads, String blasCore) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), folder.resolve(SCRIPT).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    if (!blasCore.isEmpty()) {
      builder.environment().put("OPENBLAS_CORETYPE", blasCore);
    }
    return new FaissPeer(builder.start(), blasCore, folder, dimension, threads);
  }

  /** The version of FAISS and what it was compiled for. */
  String version() {
    return version;
  }

  /** The kernels that OpenBLAS was told to use; empty if it chose. */
  String blasCore() {
    return blasCore;
  }

  /**
   * Searches the same queries again and again for their ten nearest.
   *
   * @param repetitions with the next {@code count} queries each time
   * @return nanoseconds as the peer measured them
   */
  long search(int firstQuery, int count, int repetitions) throws IOException {
    return Long.parseLong(ask("search\t%d\t%d\t%d".formatted(firstQuery, count, repetitions)));
  }

  /**
   * Searches by a graph from now on.
   *
   * @return nanoseconds that building it took, as the peer measured them
   */
  long buildGraph(int links, int beamWidth) throws IOException {
    return Long.parseLong(ask("graph\t%d\t%d".formatted(links, beamWidth)));
  }

  /** How many candidates a search by graph keeps. */
  void useWidth(int width) throws IOException {
    ask("width\t" + width);
  }

  /** The rows of the ten nearest of some queries. */
  List<List<Integer>> neighbors(int firstQuery, int count) throws IOException {
    List<List<Integer>> lists = new ArrayList<>();
    for (String list : ask("neighbors\t%d\t%d".formatted(firstQuery, count)).split(";", -1)) {
      List<Integer> rows = new ArrayList<>();
      for (String row : list.split(",", -1)) {
        rows.add(Integer.valueOf(row));
      }
      lists.add(rows);
    }
    return lists;
  }

  private String ask(String request) throws IOException {
    requests.write(request);
    requests.newLine();
    requests.flush();
    String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok ")) {
      throw new IOException(
          "the peer ended or failed on '%s': %s; does its Python have faiss and numpy?"
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
