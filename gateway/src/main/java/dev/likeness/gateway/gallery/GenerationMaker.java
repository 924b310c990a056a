package dev.likeness.gateway.gallery;

import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.SearchEngine;
import dev.likeness.service.PathOutsideRootsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes generations of galleries. Each step can be done again. Owned by the keeper's thread. */
final class GenerationMaker {

  private static final Logger LOG = System.getLogger(GenerationMaker.class.getName());

  private final GalleryStore store;
  private final EmbedderPeer embedder;
  private final IndexPeer index;
  private final GalleryFolder folder;
  private final GalleryOptions options;
  private final Clock clock;

  GenerationMaker(
      GalleryStore store,
      EmbedderPeer embedder,
      IndexPeer index,
      GalleryFolder folder,
      GalleryOptions options,
      Clock clock) {
    this.store = store;
    this.embedder = embedder;
    this.index = index;
    this.folder = folder;
    this.options = options;
    this.clock = clock;
  }

  /**
   * Makes the generation of a version and of the gallery's revision, and lets the alias point to
   * it.
   *
   * @throws dev.likeness.gateway.peer.PeerException if a service is away or refuses; what was done
   *     is not done again
   */
  void make(Gallery gallery, Encoder encoder)
      throws PathOutsideRootsException, InterruptedException {
    Instant begin = clock.instant();
    GalleryFolder.Content content = folder.read(gallery);
    List<ImageFile> images = content.images();
    String collection = gallery.collectionFor(encoder.fingerprint());
    Generation known = gallery.generationOf(collection).orElse(null);
    Generation generation =
        new Generation(
            collection,
            encoder.fingerprint(),
            encoder.version(),
            0,
            0,
            images.size(),
            null,
            gallery.revision(),
            known == null ? begin : known.beginTime(),
            content.report());
    var unused = store.change(gallery.name(), current -> current.build(generation).trouble(""));
    prepare(generation, encoder);
    inheritEngine(
        generation.collection(), gallery.serving()); // graphs are built while it is filled
    Map<String, String> leftOut =
        new GenerationFill(
                embedder,
                index,
                options,
                encoder,
                generation.source(),
                (done, without) ->
                    store.show(
                        gallery.name(), current -> current.build(generation.filled(done, without))))
            .fill(images, content.descriptions(), others(gallery, generation));
    inheritEngine(generation.collection(), gallery.serving()); // it may have been changed meanwhile
    index.setAlias(gallery.name(), generation.collection());
    Generation done =
        generation
            .filled(images.size() - leftOut.size(), leftOut.size())
            .switched(begin, clock.instant());
    var switched = store.change(gallery.name(), current -> current.switchTo(done));
    LOG.log(
        Level.INFO,
        "gallery {0} is searched with {1}/{2} from now on, {3} images",
        switched.name(),
        encoder.name(),
        encoder.version(),
        done.images());
  }

  /** Collections with vectors of the same version. */
  private static List<VectorSource> others(Gallery gallery, Generation generation) {
    return gallery
        .generations()
        .filter(known -> !known.equals(gallery.building()))
        .filter(known -> !known.collection().equals(generation.collection()))
        .filter(known -> known.fingerprint().equals(generation.fingerprint()))
        .map(Generation::source)
        .toList();
  }

  /** The collection exists and holds vectors of this encoder version only. */
  private void prepare(Generation generation, Encoder encoder) {
    Optional<IndexPeer.Collection> found = index.collection(generation.collection());
    if (found.isEmpty()) {
      index.createCollection(generation.collection(), encoder.dimension(), encoder.fingerprint());
    }
  }

  /** A generation is searched as the one before it. */
  private void inheritEngine(String collection, @Nullable Generation before) {
    Optional<SearchEngine> wanted =
        before == null ? Optional.empty() : index.engine(before.collection());
    if (wanted.isPresent()
        && wanted.get().canBeChosen()
        && index.engine(collection).filter(now -> !now.isChosenLike(wanted.get())).isPresent()) {
      var unused =
          index.chooseEngine(collection, wanted.get().chosen(), wanted.get().targetRecall());
    }
  }
}
