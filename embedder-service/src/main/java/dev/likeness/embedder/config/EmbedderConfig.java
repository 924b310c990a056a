package dev.likeness.embedder.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.OptionalInt;

/** Settings of the embedder. */
@ConfigMapping(prefix = "likeness.embedder")
public interface EmbedderConfig {

  /** Joining images of many callers. */
  Batching batching();

  /** Reading image files. */
  Decoding decoding();

  /** Running networks. */
  Inference inference();

  /** Streams of images. */
  Stream stream();

  /**
   * How often the model store is asked for newer versions of the encoders in memory. Events say so
   * earlier; this is what is promised without them.
   */
  @WithDefault("10s")
  Duration refreshInterval();

  /**
   * Versions kept in memory beside those that serve their names, for collections that another
   * version has filled. The longest unused goes first.
   */
  @WithDefault("2")
  @Min(1)
  @Max(64)
  int otherVersions();

  /** How long the images in flight may take when the service stops. */
  @WithDefault("10s")
  Duration shutdownTimeout();

  /** Joining images of many callers. */
  interface Batching {

    /**
     * Images per encoder that may wait to be decoded; more are refused, streams are slowed down.
     */
    @WithDefault("256")
    @Min(1)
    @Max(100_000)
    int queueCapacity();

    /**
     * Images in one inference. On processors one is best: several images at a time on threads of
     * their own were measured to be quicker than joined ones, and vectors are then the same to the
     * last bit whoever else calls. Accelerators want 8 to 64.
     */
    @WithDefault("1")
    @Min(1)
    @Max(1024)
    int maxBatch();

    /**
     * How long a decoded image waits for others that are being decoded. Zero suits processors, a
     * few milliseconds suit accelerators.
     */
    @WithDefault("0ms")
    Duration maxDelay();
  }

  /** Reading image files. */
  interface Decoding {

    /**
     * Threads that decode and preprocess. By default the inference threads do it between their
     * runs, if there are as many as processors and no batches; otherwise one per processor.
     */
    @Min(1)
    @Max(1024)
    OptionalInt threads();

    /** Largest image file. */
    @WithDefault("32M")
    MemorySize maxBytes();

    /** Largest width or height in pixels. */
    @WithDefault("32768")
    @Min(1)
    int maxSide();

    /**
     * Largest width × height. A tenth of the heap's bytes is a second limit: 51 million in 512 MB.
     */
    @WithDefault("100000000")
    @Min(1)
    long maxPixels();
  }

  /** Running networks. */
  interface Inference {

    /** Inferences at a time; by default one per processor. */
    @Min(1)
    @Max(1024)
    OptionalInt threads();

    /** Threads inside one inference. More make a single image quicker and many images slower. */
    @WithDefault("1")
    @Min(1)
    @Max(1024)
    int intraOpThreads();
  }

  /** Streams of images. */
  interface Stream {

    /** Images of one stream that may be on their way; the next is read when one is answered. */
    @WithDefault("32")
    @Min(1)
    @Max(10_000)
    int window();

    /** Bytes of images of one stream that may be on their way, beyond the first image. */
    @WithDefault("16M")
    MemorySize windowBytes();
  }
}
