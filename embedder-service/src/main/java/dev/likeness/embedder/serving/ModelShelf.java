package dev.likeness.embedder.serving;

import dev.likeness.embedder.failure.EncoderNotFoundException;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.ModelVersion;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The model store as callers see it: by the names they write, with answers when there is none. */
public final class ModelShelf {

  private final ModelStore store;

  public ModelShelf(ModelStore store) {
    this.store = store;
  }

  /** The version that serves each name, by name. */
  public Collection<ModelPackage> serving() {
    TreeSet<EncoderName> names = new TreeSet<>();
    store.list().forEach(model -> names.add(model.name()));
    return names.stream().flatMap(name -> store.serving(name).stream()).toList();
  }

  /** The version that serves the name of an encoder that is known to be one. */
  public Optional<ModelPackage> serving(EncoderName name) {
    return store.serving(name);
  }

  /** The newest version with a fingerprint, whatever its name. */
  public Optional<ModelPackage> withFingerprint(String fingerprint) {
    return store.list().reversed().stream()
        .filter(model -> model.fingerprint().value().equals(fingerprint))
        .findFirst();
  }

  /** One version, if it was published. */
  public Optional<ModelPackage> find(ModelVersion version) {
    return store.find(version);
  }

  /**
   * A version by the words of a caller.
   *
   * @param version null for the one that serves the name
   * @throws EncoderNotFoundException if there is none, with the names that exist
   */
  public ModelPackage require(String name, @Nullable Integer version) {
    return lookUp(name, version)
        .orElseThrow(() -> new EncoderNotFoundException(name, version, names()));
  }

  /** Every version of an encoder, the oldest first. */
  public List<ModelPackage> versions(EncoderName name) {
    return store.list().stream().filter(model -> model.name().equals(name)).toList();
  }

  /** Removes a version wholly. */
  void remove(ModelVersion version) {
    store.remove(version);
  }

  private Optional<ModelPackage> lookUp(String name, @Nullable Integer version) {
    EncoderName encoder;
    try {
      encoder = new EncoderName(name);
    } catch (IllegalArgumentException notAName) {
      return Optional.empty();
    }
    if (version == null) {
      return store.serving(encoder);
    }
    return version < 1 ? Optional.empty() : store.find(new ModelVersion(encoder, version));
  }

  private List<String> names() {
    return serving().stream().map(model -> model.name().value()).toList();
  }
}
