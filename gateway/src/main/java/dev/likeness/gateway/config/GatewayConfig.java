package dev.likeness.gateway.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Settings of the gateway. */
@ConfigMapping(prefix = "likeness.gateway")
public interface GatewayConfig {

  /** Runs that are worked on at a time; more wait for their turn. */
  @WithDefault("1")
  @Min(1)
  @Max(64)
  int parallelRuns();

  /** How long the embedder or the index may be away before a run gives up. */
  @WithDefault("5m")
  Duration patience();

  /** Vectors per durable write to the index; each write costs one fsync there. */
  @WithDefault("64")
  @Min(1)
  @Max(1000)
  int upsertBatch();

  /** Queries ranked together: the vectors of a candidate that they share are read once. */
  @WithDefault("256")
  @Min(1)
  @Max(1000)
  int queryBatch();

  /** Larger image files are left out; must fit in one message with the embedder. */
  @WithDefault("32M")
  MemorySize maxImageSize();

  /** How long a search waits for an embedder or an index that restarts, before it fails. */
  @WithDefault("30s")
  Duration searchPatience();

  /** Time between looks at the encoders of galleries: how soon a promotion is followed. */
  @WithDefault("2s")
  Duration galleryPoll();

  /** Images on their way to the embedder. */
  InFlight inFlight();

  /**
   * How long a competition server may take to answer; shorter than the deadlines of our clients.
   */
  @WithDefault("25s")
  Duration sendTimeout();

  /** Images on their way to the embedder. */
  interface InFlight {

    /** At most so many: two full batches beside those being written to the index. */
    @WithDefault("128")
    @Min(1)
    @Max(4096)
    int images();

    /** At most so many bytes, and one image more. */
    @WithDefault("48M")
    MemorySize size();

    /** An embedder that answers nothing for so long is taken for gone. */
    @WithDefault("2m")
    Duration stall();
  }
}
