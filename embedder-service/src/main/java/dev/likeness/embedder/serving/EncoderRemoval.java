package dev.likeness.embedder.serving;

import dev.likeness.embedder.failure.BuiltInEncoderException;
import dev.likeness.embedder.failure.EncoderNotFoundException;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes encoders out of the model store and out of memory. Out of the store first: if that fails,
 * what is there goes on serving, and nobody loads a version between the two.
 */
public final class EncoderRemoval {

  private final ModelShelf shelf;
  private final EncoderCatalog catalog;

  public EncoderRemoval(ModelShelf shelf, EncoderCatalog catalog) {
    this.shelf = shelf;
    this.catalog = catalog;
  }

  /**
   * What was removed.
   *
   * @param versions the oldest first
   * @param freedBytes of the store
   */
  public record Removed(List<ModelVersion> versions, long freedBytes) {

    public Removed {
      versions = List.copyOf(versions);
    }
  }

  /**
   * Removes one version, or all of them, the oldest first, each wholly or not at all. Waits until
   * the images in flight are done.
   *
   * @param version null for all
   * @throws EncoderNotFoundException if there is none
   * @throws BuiltInEncoderException if the built-in encoder is among them; nothing is removed then
   */
  public Removed remove(String name, @Nullable Integer version) throws InterruptedException {
    ModelPackage asked = shelf.require(name, version);
    List<ModelPackage> leaving = version == null ? shelf.versions(asked.name()) : List.of(asked);
    if (leaving.stream().anyMatch(BuiltInEncoder::is)) {
      throw new BuiltInEncoderException(asked.name().value());
    }
    List<ModelVersion> versions = new ArrayList<>();
    long bytes = 0;
    for (ModelPackage model : leaving) {
      long size = catalog.statusOf(model).sizeBytes();
      shelf.remove(model.version());
      catalog.forget(model.version());
      versions.add(model.version());
      bytes += size;
    }
    return new Removed(versions, bytes);
  }
}
