package dev.likeness.gateway.config;

import dev.likeness.gateway.competition.RunQueue;
import dev.likeness.gateway.gallery.GalleryKeeper;
import dev.likeness.gateway.run.RunStore;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Opens the store at the start, says what is wrong in it, and takes up the runs that are left. */
@ApplicationScoped
public class RunStart {

  private static final Logger LOG = Logger.getLogger(RunStart.class);

  void onStart(
      @Observes StartupEvent event, RunStore store, RunQueue queue, GalleryKeeper galleries) {
    store.problems().forEach(LOG::warn);
    queue.resume();
    galleries.start();
    LOG.infof("%d runs in %s", store.all().size(), store.directory());
  }
}
