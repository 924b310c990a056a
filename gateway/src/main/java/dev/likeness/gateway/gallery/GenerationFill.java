package dev.likeness.gateway.gallery;

import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.gateway.peer.EmbedOutcome;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.peer.ImageFiles;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the vectors of a gallery's images into a collection. The index is asked what is there, and
 * only the rest is embedded, so that it goes on after any interruption. Owned by one thread.
 */
final class GenerationFill {

  private final EmbedderPeer embedder;
  private final IndexPeer index;
  private final GalleryOptions options;
  private final Encoder encoder;
  private final String collection;
  private final BiConsumer<Long, Long> progress;

  private final Map<String, String> leftOut = new TreeMap<>();
  private final LinkedHashMap<String, Embedding> pending = new LinkedHashMap<>();
  private final Set<String> durable = new HashSet<>();
  private @Nullable PeerException trouble;

  /**
   * @param collection exists and has the encoder's fingerprint
   * @param progress told how many images have a vector, and how many are left out
   */
  GenerationFill(
      EmbedderPeer embedder,
      IndexPeer index,
      GalleryOptions options,
      Encoder encoder,
      String collection,
      BiConsumer<Long, Long> progress) {
    this.embedder = embedder;
    this.index = index;
    this.options = options;
    this.encoder = encoder;
    this.collection = collection;
    this.progress = progress;
  }

  /**
   * Fills until every image has a vector or a reason why not.
   *
   * @return images without a vector → why
   * @throws PeerException if a service is away or refuses; what was written stays
   */
  Map<String, String> fill(List<ImageFile> images) throws InterruptedException {
    for (ImageFile image : images) {
      if (image.name().chars().anyMatch(Character::isISOControl)) {
        leftOut.put(image.name(), "its name has control characters; rename the file");
      }
    }
    askWhatIsThere(images);
    List<ImageFile> rest =
        images.stream()
            .filter(image -> !durable.contains(image.name()) && !leftOut.containsKey(image.name()))
            .toList();
    if (!rest.isEmpty()) {
      embedder.embed(
          encoder, new ImageFiles(rest, options.maxImageBytes(), leftOut::put), this::accept);
      flush();
    }
    if (trouble != null) {
      throw trouble;
    }
    return leftOut;
  }

  private void askWhatIsThere(List<ImageFile> images) {
    List<String> names = images.stream().map(ImageFile::name).toList();
    for (int from = 0; from < names.size(); from += IndexPeer.MAX_IDS) {
      durable.addAll(
          index.existing(
              collection, names.subList(from, Math.min(names.size(), from + IndexPeer.MAX_IDS))));
    }
    tell();
  }

  private void accept(EmbedOutcome outcome) {
    switch (outcome) {
      case EmbedOutcome.Embedded embedded -> {
        pending.put(embedded.name(), embedded.embedding());
        if (pending.size() >= options.upsertBatch()) {
          flush();
        }
      }
      case EmbedOutcome.Refused(String name, String reason) -> leftOut.put(name, reason);
      case EmbedOutcome.Postponed(_, PeerException failure) -> trouble = failure;
    }
  }

  /** The index refuses vectors of another version than the collection's. */
  private void flush() {
    if (!pending.isEmpty()) {
      Map<String, String> refused = index.upsert(collection, encoder.fingerprint(), pending);
      durable.addAll(pending.keySet());
      durable.removeAll(refused.keySet());
      leftOut.putAll(refused);
      pending.clear();
      tell();
    }
  }

  private void tell() {
    progress.accept((long) durable.size(), (long) leftOut.size());
  }
}
