package dev.likeness.gateway.competition;

import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunStage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where runs keep their vectors: in the index, a collection per encoder for the gallery and one for
 * the queries. Stateless; safe for several runs at a time.
 */
final class RunCollections {

  private static final Logger LOG = System.getLogger(RunCollections.class.getName());

  private final EmbedderPeer embedder;
  private final IndexPeer index;
  private final PipelineOptions options;

  RunCollections(EmbedderPeer embedder, IndexPeer index, PipelineOptions options) {
    this.embedder = embedder;
    this.index = index;
    this.options = options;
  }

  /**
   * Makes what is missing of the collections of a stage, and embeds what they lack.
   *
   * @return images that one of the encoders has no vector of → why
   */
  SortedMap<String, String> fill(
      RunStage stage,
      List<ImageFile> images,
      RunEncoders encoders,
      RunProgress progress,
      Patience patience)
      throws InterruptedException {
    SortedMap<String, String> leftOut =
        stage == RunStage.GALLERY
            ? progress.work().galleryLeftOut()
            : progress.work().queriesLeftOut();
    for (int i = 0; i < encoders.count(); i++) {
      Encoder encoder = encoders.encoders().get(i);
      String collection = nameOf(stage, progress.run(), i);
      patience.run(() -> prepare(collection, encoder));
      leftOut =
          new CollectionFill(
                  embedder,
                  index,
                  options,
                  progress,
                  stage,
                  encoder,
                  collection,
                  images,
                  leftOut,
                  i * images.size())
              .fill(patience);
    }
    return leftOut;
  }

  /** The collection exists and holds vectors of this encoder version only. */
  private void prepare(String name, Encoder encoder) {
    Optional<IndexPeer.Collection> found = index.collection(name);
    if (found.isPresent() && !found.get().fingerprint().equals(encoder.fingerprint())) {
      index.deleteCollection(name);
      found = Optional.empty();
    }
    if (found.isEmpty()) {
      index.createCollection(name, encoder.dimension(), encoder.fingerprint());
    }
  }

  /** Deletes the collections of a stage. What cannot be deleted stays, and is no failure. */
  void deleteOf(RunStage stage, Run run) {
    for (int i = 0; i < run.spec().encoders().size(); i++) {
      deleteQuietly(nameOf(stage, run, i));
    }
  }

  private void deleteQuietly(String collection) {
    try {
      index.deleteCollection(collection);
    } catch (PeerException e) {
      LOG.log(Level.WARNING, "collection {0} was not deleted: {1}", collection, e.getMessage());
    }
  }

  private static String nameOf(RunStage stage, Run run, int encoder) {
    return stage == RunStage.GALLERY
        ? run.id().galleryCollection(encoder)
        : run.id().queryCollection(encoder);
  }
}
