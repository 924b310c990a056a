package dev.likeness.encoders.store;

import dev.likeness.encoders.store.ModelStoreException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which version of an encoder serves its name: the one that was promoted last, and the newest where
 * none ever was. Stateless.
 */
final class Promotions {

  private final PackageFolders folders;

  Promotions(PackageFolders folders) {
    this.folders = folders;
  }

  /** The version that serves a name; the newest if the promoted one was removed. */
  Optional<ModelPackage> serving(EncoderName name) {
    List<Promotion> promotions = of(name);
    return promotions.isEmpty()
        ? folders.newest(name)
        : folders
            .find(new ModelVersion(name, promotions.getLast().version()))
            .or(() -> folders.newest(name));
  }

  /** The promotions of an encoder, oldest first. */
  List<Promotion> of(EncoderName name) {
    return PromotionFile.read(folders.of(name));
  }

  /** As {@link ModelStore#promote}. */
  Promotion promote(ModelVersion version, String reason, @Nullable String jobId, Instant now) {
    Path folder = folders.of(version.name());
    if (folders.find(version).isEmpty()) {
      throw new ModelStoreException(
          Reason.STORAGE_FAILED, "model %s is not in the store".formatted(version));
    }
    try (Publication publication = Publication.begin(folder)) {
      List<Promotion> promotions = new ArrayList<>(of(version.name()));
      Optional<Promotion> earlier =
          promotions.stream()
              .filter(promotion -> jobId != null && jobId.equals(promotion.jobId()))
              .findFirst();
      if (earlier.isPresent()) {
        return earlier.get();
      }
      if (!promotions.isEmpty() && promotions.getLast().version() == version.version()) {
        return promotions.getLast();
      }
      Promotion promotion =
          new Promotion(version.version(), servingBefore(version), now, reason, jobId);
      promotions.add(promotion);
      publication.write(promotions);
      return promotion;
    } catch (IOException impossible) {
      throw ModelStoreException.storageFailed(
          "model %s cannot be promoted".formatted(version), impossible);
    }
  }

  private @Nullable Integer servingBefore(ModelVersion version) {
    return serving(version.name())
        .map(ModelPackage::version)
        .filter(serving -> !serving.equals(version))
        .map(ModelVersion::version)
        .orElse(null);
  }

  /** Writes down what serves now, where nothing was promoted yet: a newer version does not. */
  void hold(Publication publication, EncoderName name) throws IOException {
    if (!of(name).isEmpty()) {
      return;
    }
    Optional<ModelPackage> newest = folders.newest(name);
    if (newest.isPresent()) {
      Instant published = Instant.parse(newest.get().card().createdAt());
      publication.write(
          List.of(
              new Promotion(newest.get().version().version(), null, published, "published", null)));
    }
  }
}
