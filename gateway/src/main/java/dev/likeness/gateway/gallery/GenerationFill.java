package dev.likeness.gateway.gallery;

import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.gateway.attribute.Attributes;
import dev.likeness.gateway.peer.EmbedOutcome;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.peer.ImageFiles;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings the vectors and attributes of a gallery's images into a collection. The index is asked
 * what is there; of the rest, what another collection has of the same encoder version is taken from
 * it, and the others are embedded. So it goes on after any interruption. Owned by one thread.
 */
final class GenerationFill {

  private final EmbedderPeer embedder;
  private final IndexPeer index;
  private final GalleryOptions options;
  private final Encoder encoder;
  private final VectorSource target;
  private final BiConsumer<Long, Long> progress;

  private final Map<String, String> leftOut = new TreeMap<>();
  private final LinkedHashMap<String, Embedding> pending = new LinkedHashMap<>();
  private final Map<String, ImageFile> missing = new HashMap<>();
  private final Set<String> durable = new HashSet<>();
  private @Nullable PeerException trouble;

  /**
   * @param target the collection to fill; exists and has the encoder's fingerprint
   * @param progress told how many images have a vector, and how many are left out
   */
  GenerationFill(
      EmbedderPeer embedder,
      IndexPeer index,
      GalleryOptions options,
      Encoder encoder,
      VectorSource target,
      BiConsumer<Long, Long> progress) {
    this.embedder = embedder;
    this.index = index;
    this.options = options;
    this.encoder = encoder;
    this.target = target;
    this.progress = progress;
  }

  /**
   * Fills until every image has a vector or a reason why not.
   *
   * @param descriptions what each image is to carry
   * @param others collections with vectors of the same encoder version
   * @return images without a vector → why
   * @throws PeerException if a service is away or refuses; what was written stays
   */
  Map<String, String> fill(
      List<ImageFile> images, ImageDescriptions descriptions, List<VectorSource> others)
      throws InterruptedException {
    leaveOutUnusableNames(images);
    List<ImageFile> rest = new ArrayList<>();
    for (int from = 0; from < images.size(); from += IndexPeer.MAX_IDS) {
      List<ImageFile> chunk =
          images.subList(from, Math.min(images.size(), from + IndexPeer.MAX_IDS)).stream()
              .filter(image -> !leftOut.containsKey(image.name()))
              .toList();
      rest.addAll(withoutVector(chunk, descriptions, others));
      tell();
    }
    if (!rest.isEmpty()) {
      rest.forEach(image -> missing.put(image.name(), image));
      embedder.embed(
          encoder,
          new ImageFiles(rest, options.maxImageBytes(), leftOut::put),
          outcome -> accept(outcome, descriptions));
      flush(descriptions);
    }
    if (trouble != null) {
      throw trouble;
    }
    return leftOut;
  }

  private void leaveOutUnusableNames(List<ImageFile> images) {
    for (ImageFile image : images) {
      if (image.name().chars().anyMatch(Character::isISOControl)) {
        leftOut.put(image.name(), "its name has control characters; rename the file");
      }
    }
  }

  /** Takes over what is there or elsewhere; the images that are left must be embedded. */
  private List<ImageFile> withoutVector(
      List<ImageFile> chunk, ImageDescriptions descriptions, List<VectorSource> others) {
    Map<String, Attributes> there = index.attributes(target.collection(), names(chunk));
    Map<String, Attributes> described = new HashMap<>();
    List<ImageFile> rest = new ArrayList<>();
    for (ImageFile image : chunk) {
      described.put(image.name(), descriptions.of(image));
      boolean done =
          described.get(image.name()).equals(there.get(image.name())) && target.isFresh(image);
      if (done) {
        durable.add(image.name());
      } else {
        rest.add(image);
      }
    }
    for (VectorSource source : sources(there, others)) {
      List<ImageFile> fresh = rest.stream().filter(source::isFresh).toList();
      if (!fresh.isEmpty()) {
        var vectors = index.vectors(source.collection(), names(fresh));
        write(vectors, described);
        rest.removeIf(image -> vectors.containsKey(image.name()));
      }
    }
    return rest;
  }

  /** The collection itself is asked only if it has something; its attributes may be old. */
  private List<VectorSource> sources(Map<String, Attributes> there, List<VectorSource> others) {
    List<VectorSource> sources = new ArrayList<>(others);
    if (!there.isEmpty()) {
      sources.addFirst(target);
    }
    return sources;
  }

  private static List<String> names(List<ImageFile> images) {
    return images.stream().map(ImageFile::name).toList();
  }

  private void accept(EmbedOutcome outcome, ImageDescriptions descriptions) {
    switch (outcome) {
      case EmbedOutcome.Embedded embedded -> {
        pending.put(embedded.name(), embedded.embedding());
        if (pending.size() >= options.upsertBatch()) {
          flush(descriptions);
        }
      }
      case EmbedOutcome.Refused(String name, String reason) -> leftOut.put(name, reason);
      case EmbedOutcome.Postponed(_, PeerException failure) -> trouble = failure;
    }
  }

  private void flush(ImageDescriptions descriptions) {
    Map<String, Attributes> described = new HashMap<>();
    for (String name : pending.keySet()) {
      ImageFile image = missing.get(name);
      if (image != null) {
        described.put(name, descriptions.of(image));
      }
    }
    write(pending, described);
    pending.clear();
    tell();
  }

  /** The index refuses vectors of another version than the collection's. */
  private void write(SequencedMap<String, Embedding> vectors, Map<String, Attributes> attributes) {
    if (!vectors.isEmpty()) {
      Map<String, String> refused =
          index.upsert(target.collection(), encoder.fingerprint(), vectors, attributes);
      durable.addAll(vectors.keySet());
      durable.removeAll(refused.keySet());
      leftOut.putAll(refused);
    }
  }

  private void tell() {
    progress.accept((long) durable.size(), (long) leftOut.size());
  }
}
