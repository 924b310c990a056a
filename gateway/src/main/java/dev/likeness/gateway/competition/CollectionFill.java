package dev.likeness.gateway.competition;

import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.gateway.peer.EmbedOutcome;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.peer.ImageFiles;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.run.RunStage;
import dev.likeness.gateway.run.StageSeconds;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings the vectors of all images of one part into a collection. The index is asked what is there
 * and only the rest is embedded, so it goes on after any interruption of any of the three services.
 * Ends when the index holds every image that has a vector. Owned by one thread.
 */
final class CollectionFill {

  private final EmbedderPeer embedder;
  private final IndexPeer index;
  private final PipelineOptions options;
  private final RunProgress progress;
  private final RunStage stage;
  private final Encoder encoder;
  private final String collection;
  private final List<ImageFile> images;
  private final int doneBefore;

  private final NavigableMap<String, String> leftOut = new TreeMap<>();
  private final LinkedHashMap<String, Embedding> pending = new LinkedHashMap<>();
  private Set<String> durable = new HashSet<>();
  private PeerException.@Nullable Unavailable trouble;

  /**
   * @param collection exists and has the encoder's fingerprint
   * @param known images of which an earlier attempt, or another encoder, found that they have no
   *     vector
   * @param doneBefore items of this stage that other collections account for
   */
  CollectionFill(
      EmbedderPeer embedder,
      IndexPeer index,
      PipelineOptions options,
      RunProgress progress,
      RunStage stage,
      Encoder encoder,
      String collection,
      List<ImageFile> images,
      SortedMap<String, String> known,
      int doneBefore) {
    this.embedder = embedder;
    this.index = index;
    this.options = options;
    this.progress = progress;
    this.stage = stage;
    this.encoder = encoder;
    this.collection = collection;
    this.images = images;
    this.doneBefore = doneBefore;
    this.leftOut.putAll(known);
  }

  /**
   * Fills.
   *
   * @return images without a vector → why
   */
  SortedMap<String, String> fill(Patience patience) throws InterruptedException {
    leaveOutUnusableNames();
    Patience.Waiting waiting = patience.begin();
    while (true) {
      int before = done();
      trouble = null;
      try {
        if (pass()) {
          progress.leaveOut(stage, leftOut);
          return leftOut;
        }
      } catch (PeerException.Unavailable e) {
        trouble = e;
      }
      boolean advanced = done() > before;
      if (advanced) {
        waiting.reset();
      }
      if (trouble != null) {
        waiting.afterFailure(trouble);
      } else if (!advanced) {
        throw new RunFailedException(
            "%d images of the %s neither got a vector nor a reason why not; check the log of the embedder and of the index"
                .formatted(
                    images.size() - done(), stage.name().toLowerCase(java.util.Locale.ROOT)));
      }
    }
  }

  /** True if all is done; false if another pass is needed to see that it is. */
  private boolean pass() throws InterruptedException {
    flush();
    durable = existing();
    advance(done());
    List<ImageFile> rest =
        images.stream()
            .filter(image -> !durable.contains(image.name()) && !leftOut.containsKey(image.name()))
            .toList();
    if (rest.isEmpty()) {
      return true;
    }
    embedder.embed(
        encoder.name(), new ImageFiles(rest, options.maxImageBytes(), leftOut::put), this::accept);
    flush();
    return false;
  }

  private int done() {
    return durable.size() + leftOut.size();
  }

  /** The index keeps no control characters in ids, so such files cannot be named in an answer. */
  private void leaveOutUnusableNames() {
    for (ImageFile image : images) {
      if (image.name().chars().anyMatch(Character::isISOControl)) {
        leftOut.put(image.name(), "its name has control characters; rename the file");
      }
    }
  }

  private Set<String> existing() {
    Set<String> found = new HashSet<>();
    List<String> names =
        images.stream().map(ImageFile::name).filter(name -> !leftOut.containsKey(name)).toList();
    for (List<String> chunk : Chunks.of(names, IndexPeer.MAX_IDS)) {
      found.addAll(index.existing(collection, chunk));
    }
    return found;
  }

  private void accept(EmbedOutcome outcome) {
    switch (outcome) {
      case EmbedOutcome.Embedded embedded -> {
        requirePinned(embedded.fingerprint());
        EmbedOutcome.Cost cost = embedded.cost();
        progress.spent(
            new StageSeconds(cost.decodeSeconds(), cost.embedSeconds(), 0, 0, 0), cost.batchSize());
        pending.put(embedded.name(), embedded.embedding());
        advance(done() + pending.size());
        if (pending.size() >= options.upsertBatch()) {
          flush();
        }
      }
      case EmbedOutcome.Refused(String name, String reason) -> leftOut.put(name, reason);
      case EmbedOutcome.Postponed(_, PeerException.Unavailable failure) -> trouble = failure;
      case EmbedOutcome.Postponed(_, PeerException.Refused failure) -> throw failure;
    }
  }

  private void requirePinned(String fingerprint) {
    if (!fingerprint.equals(encoder.fingerprint())) {
      throw new StartOverException(
          "encoder '%s' changed in the middle of the run".formatted(encoder.name()));
    }
  }

  private void flush() {
    if (pending.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    Map<String, String> refused = index.upsert(collection, encoder.fingerprint(), pending);
    double seconds = (System.nanoTime() - start) / 1e9;
    durable.addAll(pending.keySet());
    durable.removeAll(refused.keySet());
    leftOut.putAll(refused);
    pending.clear();
    progress.spent(new StageSeconds(0, 0, seconds, 0, 0), 0);
    advance(done());
  }

  private void advance(int done) {
    progress.advance(doneBefore + done);
  }
}
