package dev.likeness.benchmarks.index;

import dev.likeness.benchmarks.measure.PythonPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Another program that searches the same vectors, in a Python process of its own. */
final class SearchPeer implements AutoCloseable {

  /** The programs there are; each script reads the same requests. */
  enum Kind {
    /** Exact, and by graph. */
    FAISS("FAISS IndexHNSWFlat"),
    /** By graph only. */
    HNSWLIB("hnswlib");

    private final String graphLabel;

    Kind(String graphLabel) {
      this.graphLabel = graphLabel;
    }

    static Kind of(String word) {
      return Arrays.stream(values())
          .filter(kind -> kind.word().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "--peer must be faiss or hnswlib, is '%s'".formatted(word)));
    }

    /** How its search by graph is called in reports. */
    String graphLabel() {
      return graphLabel;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    private PythonPeer.Script script() {
      return new PythonPeer.Script(SearchPeer.class, word() + "_peer.py", word() + " and numpy");
    }
  }

  /**
   * OpenBLAS chooses kernels by the processor's name and takes old ones for what it does not know;
   * each of these is tried, and the fastest is what we are compared with.
   */
  private static final List<String> BLAS_CORES =
      List.of("", "SkylakeX", "Cooperlake", "SapphireRapids", "Zen");

  private static final int BATCH = 1000;

  private final Kind kind;
  private final PythonPeer process;
  private final String blasCore;
  private final String version;

  private SearchPeer(
      Kind kind, PythonPeer process, String blasCore, Path folder, int dimension, int threads)
      throws IOException {
    this.kind = kind;
    this.process = process;
    this.blasCore = blasCore;
    version =
        process.ask(
            "load\t%d\t%d\t%s\t%s"
                .formatted(
                    dimension, threads, folder.resolve("rows.f32"), folder.resolve("queries.f32")));
  }

  /**
   * Starts FAISS with the fastest BLAS.
   *
   * @param folder holds rows.f32 and queries.f32, and receives the script
   */
  static SearchPeer fastestFaiss(Path python, Path folder, int dimension, int threads)
      throws IOException {
    Optional<String> best = Optional.empty();
    long leastNanos = Long.MAX_VALUE;
    for (String core : BLAS_CORES) {
      try (SearchPeer peer = start(Kind.FAISS, python, folder, dimension, threads, core)) {
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
    return start(Kind.FAISS, python, folder, dimension, threads, best.orElseThrow());
  }

  /** Starts one that is to search by graph, which needs no BLAS. */
  static SearchPeer withGraph(Kind kind, Path python, Path folder, int dimension, int threads)
      throws IOException {
    return start(kind, python, folder, dimension, threads, "");
  }

  private static SearchPeer start(
      Kind kind, Path python, Path folder, int dimension, int threads, String blasCore)
      throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("OMP_NUM_THREADS", Integer.toString(threads));
    if (!blasCore.isEmpty()) {
      environment.put("OPENBLAS_CORETYPE", blasCore);
    }
    PythonPeer process = PythonPeer.start(python, kind.script(), folder, environment);
    return new SearchPeer(kind, process, blasCore, folder, dimension, threads);
  }

  Kind kind() {
    return kind;
  }

  /** Its version, and what it was compiled for if it tells. */
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
    return Long.parseLong(
        process.ask("search\t%d\t%d\t%d".formatted(firstQuery, count, repetitions)));
  }

  /**
   * Searches by a graph from now on.
   *
   * @return nanoseconds that building it took, as the peer measured them
   */
  long buildGraph(int links, int beamWidth) throws IOException {
    return Long.parseLong(process.ask("graph\t%d\t%d".formatted(links, beamWidth)));
  }

  /** How many candidates a search by graph keeps. */
  void useWidth(int width) throws IOException {
    process.ask("width\t" + width);
  }

  /** The rows of the ten nearest of some queries. */
  List<List<Integer>> neighbors(int firstQuery, int count) throws IOException {
    List<List<Integer>> lists = new ArrayList<>();
    String answer = process.ask("neighbors\t%d\t%d".formatted(firstQuery, count));
    for (String list : answer.split(";", -1)) {
      List<Integer> rows = new ArrayList<>();
      for (String row : list.split(",", -1)) {
        rows.add(Integer.valueOf(row));
      }
      lists.add(rows);
    }
    return lists;
  }

  @Override
  public void close() {
    process.close();
  }
}
