package dev.likeness.index.config;

import dev.likeness.index.kernel.KernelChoice;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of the index service. */
@ConfigMapping(prefix = "likeness.index")
public interface IndexConfig {

  /** Where collections live. */
  enum Engine {
    /** On the disk and in the memory of this machine. */
    LOCAL,
    /** In an OpenSearch cluster. */
    OPENSEARCH
  }

  /** Where collections live: local or opensearch. */
  @WithDefault("local")
  Engine engine();

  /** The cluster, if the engine is opensearch. */
  OpenSearch opensearch();

  /**
   * Where collections and snapshots lie; {@code index} below the home of the platform if absent.
   */
  Optional<Path> directory();

  /**
   * Arithmetic: auto, java (no native products of codes), simd or scalar. Scores are the same bit
   * for bit.
   */
  @WithDefault("auto")
  KernelChoice kernel();

  /** Off-heap memory for the vectors of all collections. Beyond it writes are refused. */
  @WithDefault("8G")
  MemorySize memoryLimit();

  /** How searches run. */
  Search search();

  /** How files are kept in order. */
  Storage storage();

  /** How graphs are built. */
  Graphs graph();

  /** How graphs are built. */
  interface Graphs {

    /** Links per vector; twice as many in the lowest layer. More find more and take more room. */
    @WithDefault("32")
    @Min(4)
    @Max(128)
    int links();

    /** Candidates for the links of a vector. More find better ones and take more time. */
    @WithDefault("100")
    @Min(4)
    @Max(10_000)
    int beamWidth();

    /** Threads that build graphs, for all collections together. */
    @WithDefault("1")
    @Min(1)
    @Max(256)
    int threads();

    /** Vectors from which on a collection with the engine auto is searched by graph. */
    @WithDefault("200000")
    @Min(1)
    long autoSize();
  }

  /** How files are kept in order. */
  interface Storage {

    /**
     * Length of a collection's log from which on its rows are sealed in a segment. What is not
     * sealed is read again at the next start.
     */
    @WithDefault("128M")
    MemorySize sealSize();

    /** Threads that seal, merge and verify segments, for all collections together. */
    @WithDefault("1")
    @Min(1)
    @Max(64)
    int threads();
  }

  /** How searches run. */
  interface Search {

    /** Threads that compute; one per core if absent. */
    OptionalInt threads();

    /** Tasks that may wait for a thread; a search that finds no place is refused. */
    @WithDefault("256")
    @Min(1)
    @Max(100_000)
    int queueCapacity();
  }

  /** The cluster, if the engine is opensearch. */
  interface OpenSearch {

    /** Nodes to talk to, separated by commas; the others are not looked for. */
    @WithDefault("http://127.0.0.1:9200")
    List<URI> url();

    /** For basic authentication; none if absent. */
    Optional<String> user();

    /** Of the user; better given as LIKENESS_INDEX_OPENSEARCH_PASSWORD. */
    Optional<String> password();

    /** What indices, aliases and the template are named after; stores of one cluster differ. */
    @WithDefault("likeness")
    @Pattern(regexp = "[a-z0-9][a-z0-9-]{0,31}")
    String prefix();

    /** Shards of new collections; they are fixed when a collection is created. */
    @WithDefault("1")
    @Min(1)
    @Max(1024)
    int shards();

    /** Copies of each shard beside the first; 0 loses vectors with the node that holds them. */
    @WithDefault("1")
    @Min(0)
    @Max(10)
    int replicas();

    /** How new collections are searched: exact compares all vectors, graph follows HNSW. */
    @WithDefault("exact")
    SearchMethod search();

    /** Candidates per shard of a search by the graph, at least. */
    @WithDefault("100")
    @Min(1)
    @Max(10_000)
    int candidates();

    /** How long a call is tried again before it fails. */
    @WithDefault("30s")
    Duration timeout();

    /** How a collection is searched. */
    enum SearchMethod {
      /** Every vector is compared. */
      EXACT,
      /** By the graph of HNSW, which may miss neighbors. */
      GRAPH
    }
  }
}
