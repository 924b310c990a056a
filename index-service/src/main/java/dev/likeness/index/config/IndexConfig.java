package dev.likeness.index.config;

import dev.likeness.index.kernel.KernelChoice;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of the index service. */
@ConfigMapping(prefix = "likeness.index")
public interface IndexConfig {

  /**
   * Where collections and snapshots lie; {@code index} below the home of the platform if absent.
   */
  Optional<Path> directory();

  /** Arithmetic: auto, simd or scalar. Scores are the same bit for bit. */
  @WithDefault("auto")
  KernelChoice kernel();

  /** Off-heap memory for the vectors of all collections. Beyond it writes are refused. */
  @WithDefault("8G")
  MemorySize memoryLimit();

  /** How searches run. */
  Search search();

  /** How files are kept in order. */
  Storage storage();

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
}
