package dev.likeness.embedder.config;

import dev.likeness.embedder.serving.BuiltInEncoder;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.encoders.store.ModelStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** What the service does when it starts and stops, and every few seconds between. */
@Singleton
public class EmbedderLifecycle {

  private static final Logger LOG = Logger.getLogger(EmbedderLifecycle.class);

  private final EmbedderConfig config;
  private final ModelStore store;
  private final EncoderCatalog catalog;
  private final WorkerThreads threads;

  /** Called by the container. */
  public EmbedderLifecycle(
      EmbedderConfig config, ModelStore store, EncoderCatalog catalog, WorkerThreads threads) {
    this.config = config;
    this.store = store;
    this.catalog = catalog;
    this.threads = threads;
  }

  /** Publishing is waited for, so that the first caller finds the encoder; loading is not. */
  void start(@Observes StartupEvent event) {
    BuiltInEncoder.publishIfAbsent(store);
    Thread.ofVirtual().name("likeness-start").start(this::loadBuiltIn);
    Duration interval = config.refreshInterval();
    var unused =
        threads
            .timer()
            .scheduleWithFixedDelay(
                this::refresh, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void loadBuiltIn() {
    try {
      catalog.acquire(BuiltInEncoder.NAME.value());
    } catch (RuntimeException failure) {
      LOG.errorf("the built-in encoder is not available: %s", failure.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** A timer that throws is never called again. */
  private void refresh() {
    try {
      catalog.refreshAll();
    } catch (RuntimeException failure) {
      LOG.warnf("the model store could not be asked for newer versions: %s", failure.getMessage());
    }
  }

  void stop(@Observes ShutdownEvent event) {
    try {
      catalog.close().get(config.shutdownTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException unfinished) {
      LOG.warnf("stopping with images in flight after %s", config.shutdownTimeout());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
