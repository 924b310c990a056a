package dev.likeness.gateway.gallery;

import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.truth.TruthException;
import dev.likeness.gateway.attribute.AttributeFileException;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.peer.SearchEngine;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Brings each gallery to the version that serves its encoder's name and to its own revision, again
 * and again: it asks which version that is, makes the generation of both if there is none, switches
 * the alias in one step, and deletes what is older than the generation before. Every step can be
 * done again, so a kill at any moment costs the work of one write at most.
 *
 * <p>Its thread is {@code gallery-keeper}; requests only change the store and wake it.
 *
 * @see <a href="../../../../../../../../docs/adr/0014-closed-loop.md">ADR 0014</a>
 */
public final class GalleryKeeper implements AutoCloseable {

  private static final Logger LOG = System.getLogger(GalleryKeeper.class.getName());

  private final GalleryStore store;
  private final EmbedderPeer embedder;
  private final IndexPeer index;
  private final GalleryFolder folder;
  private final GenerationMaker maker;
  private final GalleryOptions options;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("gallery-keeper").daemon().factory());

  /** A keeper that does nothing before it is started. */
  public GalleryKeeper(
      GalleryStore store,
      EmbedderPeer embedder,
      IndexPeer index,
      FileRoots roots,
      GalleryOptions options,
      Clock clock) {
    this.store = store;
    this.embedder = embedder;
    this.index = index;
    this.folder = new GalleryFolder(roots);
    this.maker = new GenerationMaker(store, embedder, index, folder, options, clock);
    this.options = options;
    this.clock = clock;
  }

  /** Starts the thread. Called once. */
  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::keepAll, 0, options.poll().toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Accepts a gallery; its first generation is made soon.
   *
   * @param attributesPath file of the images' attributes; null for the usual one in the folder, if
   *     there is one
   * @throws AttributeFileException if that file cannot be used
   * @throws GalleryException.Exists if the name stands for another one
   * @throws PeerException if there is no such encoder, or the embedder is away
   */
  public Gallery create(
      String name, String imagesPath, String encoder, @Nullable String attributesPath)
      throws PathOutsideRootsException {
    String path = folder.resolve(imagesPath);
    String given = attributesPath == null ? null : folder.resolve(attributesPath);
    Gallery fresh = Gallery.empty(name, path, encoder, given);
    if (store.find(name).isEmpty()) {
      var unused = embedder.encoder(encoder);
      fresh = Gallery.empty(name, path, encoder, folder.attributesFile(path, given));
      int images = folder.read(fresh).images().size();
      LOG.log(Level.INFO, "gallery {0} is to have {1} images", name, images);
    }
    Gallery gallery = store.create(fresh);
    thread.execute(this::keepAll);
    return gallery;
  }

  /**
   * Lets a gallery look at its images and their attributes again: new ones are added, those that
   * are gone are left out, and all change in one step, soon.
   *
   * @param attributesPath another file of attributes; null for the one it has, else for the usual
   *     one in its folder
   * @throws AttributeFileException if the file cannot be used; the gallery stays as it is
   */
  public Gallery update(String name, @Nullable String attributesPath)
      throws PathOutsideRootsException {
    Gallery gallery = store.require(name);
    String wanted = attributesPath == null ? gallery.attributesPath() : attributesPath;
    String file = folder.attributesFile(gallery.imagesPath(), wanted);
    var unused = folder.read(gallery.update(file));
    Gallery updated = store.change(name, known -> known.update(file));
    thread.execute(this::keepAll);
    return updated;
  }

  /**
   * How a gallery is searched.
   *
   * @throws GalleryException.NotMade if it has no generation yet
   */
  public SearchEngine engine(String name) {
    return index
        .engine(servingCollection(name))
        .orElseThrow(() -> new GalleryException.NotMade(name));
  }

  /**
   * Changes how a gallery is searched; later generations inherit it.
   *
   * @param chosen exact, graph or auto
   * @param targetRecall 0.5 to 1; null for the index's default
   * @throws GalleryException.NotMade if it has no generation yet
   */
  public SearchEngine chooseEngine(String name, String chosen, @Nullable Double targetRecall) {
    return index.chooseEngine(servingCollection(name), chosen, targetRecall);
  }

  private String servingCollection(String name) {
    Generation serving = store.require(name).serving();
    if (serving == null) {
      throw new GalleryException.NotMade(name);
    }
    return serving.collection();
  }

  /** Removes a gallery, its alias and its collections. Waits for the work at hand. */
  public void remove(String name) {
    var unused = store.require(name);
    try {
      var done = thread.submit(() -> forget(name));
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
  }

  private void forget(String name) {
    Optional<Gallery> gallery = store.find(name);
    if (gallery.isPresent()) {
      index.removeAlias(name);
      gallery.get().collections().forEach(index::deleteCollection);
      store.remove(name);
    }
  }

  /** Looks at every gallery once; a timer that throws is never called again. */
  private void keepAll() {
    for (Gallery gallery : store.all()) {
      try {
        keep(gallery.name());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "gallery " + gallery.name() + " could not be looked at", e);
      }
    }
  }

  /** Brings a gallery to the version that serves now, as far as it goes. */
  void keep(String name) throws InterruptedException {
    Gallery gallery = store.require(name);
    try {
      Encoder encoder = embedder.encoder(gallery.encoder());
      Generation serving = gallery.serving();
      if (serving == null
          || !serving.fingerprint().equals(encoder.fingerprint())
          || serving.revision() != gallery.revision()) {
        maker.make(gallery, encoder);
      } else if (gallery.building() != null || !gallery.trouble().isEmpty()) {
        var unused = store.change(name, known -> known.switchTo(serving));
      }
      deleteOutdated(store.require(name));
    } catch (PeerException
        | GalleryException
        | DatasetException
        | TruthException
        | AttributeFileException
        | PathOutsideRootsException e) {
      LOG.log(Level.DEBUG, "gallery {0} waits: {1}", name, e.getMessage());
      store.show(name, known -> known.trouble(String.valueOf(e.getMessage())));
    }
  }

  /** Searches under way may still be about to ask a collection that was replaced just now. */
  private void deleteOutdated(Gallery gallery) {
    Generation serving = gallery.serving();
    Instant switched = serving == null ? null : serving.switchTime();
    boolean late = switched == null || !switched.plus(options.grace()).isAfter(clock.instant());
    if (!gallery.outdated().isEmpty() && late) {
      gallery.outdated().forEach(index::deleteCollection);
      var unused = store.change(gallery.name(), Gallery::cleaned);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      var unused = thread.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
