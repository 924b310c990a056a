package dev.likeness.trainer.config;

import dev.likeness.training.finetune.spec.Device;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Settings of the trainer. */
@ConfigMapping(prefix = "likeness.trainer")
public interface TrainerConfig {

  /** Where jobs are kept. */
  Store store();

  /** How jobs are worked on. */
  Worker worker();

  /** How the embedder is used. */
  Embedder embedder();

  /** PCA-whitening jobs. */
  Pca pca();

  /** Fine-tuning jobs. */
  FineTune fineTune();

  /** Jobs that growing data sets start. */
  Policy policy();

  /** Events. */
  Events events();

  /**
   * Where jobs that do not say are trained: auto (a CUDA device where libtorch finds one), cpu
   * (then no job gets the device) or cuda (as auto, with a note in jobs that run on the processor).
   */
  @WithDefault("auto")
  Device device();

  /** Time between looks at a job that is watched. */
  @WithDefault("250ms")
  Duration watchInterval();

  /** Where jobs are kept. */
  interface Store {

    /**
     * JDBC address: H2 (jdbc:h2:file:…) or PostgreSQL (jdbc:postgresql://host/database). Default is
     * an H2 file, trainer/jobs below likeness.platform.home.
     */
    Optional<String> url();

    /** User of the database. */
    Optional<String> user();

    /** The user's password. */
    Optional<String> password();

    /** Connections to the database, 2 to 100. */
    @WithDefault("8")
    @Min(2)
    @Max(100)
    int connections();
  }

  /** How jobs are worked on. */
  interface Worker {

    /** Jobs at a time, 0 to 64; 0 accepts jobs and leaves them to other processes. */
    @WithDefault("1")
    @Min(0)
    @Max(64)
    int threads();

    /**
     * How long a job belongs to a worker that is not heard of. After a kill -9 it is taken over at
     * most this much later; with an H2 file at once, since no other process can have it open.
     */
    @WithDefault("15s")
    Duration lease();

    /** Time between signs of life, shorter than half a lease. */
    @WithDefault("5s")
    Duration heartbeat();

    /** Time between looks for work; a job created here is seen at once. */
    @WithDefault("1s")
    Duration poll();

    /** A job that was interrupted this often without getting further fails. */
    @WithDefault("10")
    @Min(1)
    int maxAttempts();

    /** How long a shutdown waits for workers to hand their jobs back. */
    @WithDefault("8s")
    Duration shutdownGrace();
  }

  /** How the embedder is used. */
  interface Embedder {

    /** Images sent and not yet answered, 1 to 1024; bounds memory. */
    @WithDefault("32")
    @Min(1)
    @Max(1024)
    int maxInFlight();

    /** How long a job waits for an embedder that is down before it fails. */
    @WithDefault("5m")
    Duration patience();

    /** A call without any answer for this long is broken off and tried again. */
    @WithDefault("2m")
    Duration answerTimeout();

    /** First pause before another try; doubled each time up to 10 s. */
    @WithDefault("500ms")
    Duration retryDelay();
  }

  /** PCA-whitening jobs. */
  interface Pca {

    /** A larger training set is sampled down to this many images. */
    @WithDefault("20000")
    @Min(8)
    int maxImages();

    /** Left-out images named one by one in the notes. */
    @WithDefault("20")
    @Min(0)
    @Max(1000)
    int maxImageNotes();
  }

  /** Fine-tuning jobs. */
  interface FineTune {

    /**
     * Threads of libtorch and of image decoding; by default one per processor. Trainers that share
     * a job store need the same, since a job that goes on elsewhere is otherwise rounded
     * differently.
     */
    @Min(1)
    @Max(1024)
    OptionalInt threads();

    /** Java heap for decoded images; by default a quarter of the heap. */
    Optional<MemorySize> imageCache();
  }

  /** Jobs that growing data sets start. */
  interface Policy {

    /** Changed images since the last job that start the next one, where a policy does not say. */
    @WithDefault("50")
    @Min(1)
    long minNewImages();

    /** Shortest time between the starts of two jobs, where a policy does not say. */
    @WithDefault("1h")
    Duration coolDown();

    /** Time between looks for jobs to start; events say so earlier, except for cool-downs. */
    @WithDefault("1s")
    Duration poll();
  }

  /** Events. */
  interface Events {

    /** Partitions of topics that are created. */
    @WithDefault("3")
    @Min(1)
    int partitions();

    /** Replicas of topics that are created. */
    @WithDefault("1")
    @Min(1)
    short replication();

    /** Time between looks for events to send. */
    @WithDefault("250ms")
    Duration poll();

    /** Longest pause between tries while the broker is down. */
    @WithDefault("10s")
    Duration maxBackoff();
  }
}
