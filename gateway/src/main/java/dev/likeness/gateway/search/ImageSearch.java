package dev.likeness.gateway.search;

import dev.likeness.gateway.filter.Filter;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.peer.FoundImages;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.IndexPeer.Collection;
import dev.likeness.gateway.run.InvalidRequestException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Search by image: finds the encoder that filled a collection, embeds the image, searches. */
public final class ImageSearch {

  /** Images answered when no number is asked for. */
  public static final int DEFAULT_K = 10;

  /** Most images in one answer. */
  public static final int MAX_K = 1000;

  private final EmbedderPeer embedder;
  private final IndexPeer index;
  private final SearchPatience patience;

  /** What has a fingerprint keeps it, and a version's number is never given again. */
  private final Map<String, Encoder> encoders = new ConcurrentHashMap<>();

  /** Called by the producer. */
  public ImageSearch(EmbedderPeer embedder, IndexPeer index, SearchPatience patience) {
    this.embedder = embedder;
    this.index = index;
    this.patience = patience;
  }

  /**
   * The nearest images of an image.
   *
   * @param collectionName collection or alias
   * @param encoderName encoder, null for the one that filled the collection
   * @param image the encoded image file
   * @param k images wanted, 0 for the default
   * @param filter which may be found; null for all
   * @throws SearchException if there is no such collection, or no encoder of its fingerprint
   */
  public FoundImages byImage(
      String collectionName,
      @Nullable String encoderName,
      byte[] image,
      int k,
      @Nullable Filter filter) {
    int wanted = requireK(k);
    if (image.length == 0) {
      throw new InvalidRequestException(
          "image", "the image is empty; send the bytes of a jpg, png, bmp, gif or webp file");
    }
    return patience.call(() -> search(collectionName, encoderName, image, wanted, filter));
  }

  /**
   * The collection that an alias points to is found once and then used by its own name: an alias
   * that is switched meanwhile makes no difference.
   */
  private FoundImages search(
      String collectionName,
      @Nullable String encoderName,
      byte[] image,
      int wanted,
      @Nullable Filter filter) {
    Collection collection = requireCollection(collectionName);
    EmbedderPeer.Embedded embedded =
        encoderName == null
            ? embedder.embed(encoderOf(collection), image)
            : embedder.embed(encoderName, image);
    return index.find(
        collection.name(), embedded.fingerprint(), embedded.embedding(), wanted, filter);
  }

  /** The nearest images of an image of the collection, itself left out. */
  public FoundImages byId(String collectionName, String id, int k, @Nullable Filter filter) {
    int wanted = requireK(k);
    if (id.isEmpty()) {
      throw new InvalidRequestException("id", "the id of the image to start from is missing");
    }
    requireName(collectionName);
    return patience.call(() -> index.findById(collectionName, id, wanted, filter));
  }

  private static int requireK(int k) {
    if (k < 0 || k > MAX_K) {
      throw new InvalidRequestException(
          "k",
          "k must lie between 1 and %d (or be 0 for %d), got %d".formatted(MAX_K, DEFAULT_K, k));
    }
    return k == 0 ? DEFAULT_K : k;
  }

  private static void requireName(String collectionName) {
    if (collectionName.isEmpty()) {
      throw new InvalidRequestException(
          "collection", "the collection is missing; a finished run names the one of its gallery");
    }
  }

  private Collection requireCollection(String name) {
    requireName(name);
    return index.collection(name).orElseThrow(() -> new SearchException.CollectionNotFound(name));
  }

  private Encoder encoderOf(Collection collection) {
    if (collection.fingerprint().isEmpty()) {
      throw new InvalidRequestException(
          "encoder",
          "collection '%s' takes vectors of any encoder; name the encoder"
              .formatted(collection.name()));
    }
    Encoder known = encoders.get(collection.fingerprint());
    if (known != null) {
      return known;
    }
    Encoder found =
        embedder
            .withFingerprint(collection.fingerprint())
            .orElseThrow(
                () -> new SearchException.EncoderGone(collection.name(), collection.fingerprint()));
    encoders.put(collection.fingerprint(), found);
    return found;
  }
}
