package dev.likeness.encoders.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Model packages in a folder: {@code <root>/<name>/<version>/{encoder.onnx, encoder.json, …}}.
 *
 * <p>One version of an encoder serves its name: the one that was promoted last, and the newest
 * where none ever was. What is published serves at once, unless it is published as a candidate.
 *
 * <p>A package is whole or absent: it is written beside its place, flushed to disk and renamed.
 * Several threads and several processes may read and publish at the same time. Nothing is cached,
 * so that what another process published is found at once.
 */
public final class ModelStore {

  private static final Logger LOG = System.getLogger(ModelStore.class.getName());

  private final PackageFolders folders;
  private final Promotions promotions;

  private ModelStore(PackageFolders folders) {
    this.folders = folders;
    this.promotions = new Promotions(folders);
  }

  /**
   * Opens a store, creating the folder if needed, and removes what a crashed publication left.
   *
   * @throws ModelStoreException if the folder cannot be created
   */
  public static ModelStore open(Path root) {
    PackageFolders folders = new PackageFolders(root.toAbsolutePath().normalize());
    try {
      Files.createDirectories(folders.root());
    } catch (IOException impossible) {
      throw ModelStoreException.storageFailed(
          "the model store %s cannot be created".formatted(root), impossible);
    }
    for (EncoderName name : folders.names()) {
      Publication.removeLeftovers(folders.of(name));
    }
    return new ModelStore(folders);
  }

  public Path root() {
    return folders.root();
  }

  /** Every readable package, by name, then from the oldest version. Damaged ones are left out. */
  public List<ModelPackage> list() {
    List<ModelPackage> packages = new ArrayList<>();
    for (EncoderName name : folders.names()) {
      for (int version : folders.versions(name)) {
        try {
          packages.add(folders.read(new ModelVersion(name, version)));
        } catch (ModelStoreException damaged) {
          LOG.log(Level.WARNING, damaged.getMessage());
        }
      }
    }
    return List.copyOf(packages);
  }

  /** The newest version of an encoder. */
  public Optional<ModelPackage> find(EncoderName name) {
    return folders.newest(name);
  }

  /** The version that serves the name; the newest if the promoted one was removed. */
  public Optional<ModelPackage> serving(EncoderName name) {
    return promotions.serving(name);
  }

  /** The promotions of an encoder, oldest first; empty if its newest version has always served. */
  public List<Promotion> promotions(EncoderName name) {
    return promotions.of(name);
  }

  /**
   * Lets a version serve its name; when this returns it survives a crash. A job promotes once: a
   * repeat gives the promotion there was, whatever serves by now. A version that serves already is
   * not promoted again.
   *
   * @param jobId the job that made the version, null for none
   * @return the promotion by which the version serves or, for a job, did
   * @throws ModelStoreException if there is no such version, or it cannot be written
   */
  public Promotion promote(
      ModelVersion version, String reason, @Nullable String jobId, Instant now) {
    return promotions.promote(version, reason, jobId, now);
  }

  /** One version, if it was published. */
  public Optional<ModelPackage> find(ModelVersion version) {
    return folders.find(version);
  }

  /** The version a job published, if it did. */
  public Optional<ModelPackage> findByJob(EncoderName name, String jobId) {
    return folders.versions(name).reversed().stream()
        .map(version -> folders.read(new ModelVersion(name, version)))
        .filter(found -> jobId.equals(found.card().origin().jobId()))
        .findFirst();
  }

  /**
   * Publishes a draft as the next version of its encoder, which serves from then on; when this
   * returns it survives a crash. A draft of a job that already published under this name changes
   * nothing and gives that version.
   *
   * @throws ModelStoreException if the package cannot be written
   */
  public ModelPackage publish(PackageDraft draft) {
    return serve(publish(draft, /* candidate= */ false), draft);
  }

  /** Lets what was published by hand serve, where that is not so anyway. */
  private ModelPackage serve(ModelPackage model, PackageDraft draft) {
    if (!promotions(model.name()).isEmpty()) {
      var unused =
          promote(
              model.version(),
              "published",
              draft.jobId().orElse(null),
              Instant.parse(draft.card().createdAt()));
    }
    return model;
  }

  /**
   * Publishes a draft like {@link #publish(PackageDraft)}, but what serves the name goes on serving
   * it until the new version is {@link #promote promoted}. The first version of a name serves.
   */
  public ModelPackage publishCandidate(PackageDraft draft) {
    return publish(draft, /* candidate= */ true);
  }

  private ModelPackage publish(PackageDraft draft, boolean candidate) {
    EncoderName name = draft.card().encoderName();
    try (Publication publication = Publication.begin(folders.of(name))) {
      Optional<ModelPackage> existing = draft.jobId().flatMap(job -> findByJob(name, job));
      if (existing.isPresent()) {
        return existing.get();
      }
      if (candidate) {
        promotions.hold(publication, name);
      }
      return write(draft, publication);
    } catch (IOException impossible) {
      throw notPublished(name, impossible);
    }
  }

  /**
   * What became of a draft.
   *
   * @param alreadyThere whether the serving version was the same, so that nothing was published
   */
  public record Published(ModelPackage model, boolean alreadyThere) {}

  /**
   * As {@link #publish(PackageDraft)}, unless the version that serves that name is the same: of
   * equal vectors (its fingerprint says so) and made from the same file.
   */
  public Published publishIfNew(PackageDraft draft) {
    EncoderName name = draft.card().encoderName();
    ModelPackage written;
    try (Publication publication = Publication.begin(folders.of(name))) {
      Optional<ModelPackage> same = serving(name).filter(found -> isSame(found.card(), draft));
      if (same.isPresent()) {
        return new Published(same.get(), true);
      }
      written = write(draft, publication);
    } catch (IOException impossible) {
      throw notPublished(name, impossible);
    }
    return new Published(serve(written, draft), false);
  }

  private static boolean isSame(EncoderCard serving, PackageDraft draft) {
    EncoderCard card = draft.card();
    return serving.fingerprint().equals(card.fingerprint())
        && Objects.equals(serving.origin().sourceSha256(), card.origin().sourceSha256());
  }

  private ModelPackage write(PackageDraft draft, Publication publication) throws IOException {
    EncoderName name = draft.card().encoderName();
    ModelVersion version = new ModelVersion(name, folders.highestVersion(name) + 1);
    publication.write(draft, folders.of(version));
    return folders.read(version);
  }

  /**
   * Removes a version: it is renamed, and so gone for every reader, and then deleted. Its number is
   * not given again, since others may remember it. What had the files open keeps them.
   *
   * @return whether it was there
   * @throws ModelStoreException if it cannot be removed; it is then still whole
   */
  public boolean remove(ModelVersion version) {
    if (!Files.isDirectory(folders.of(version))) {
      return false;
    }
    try (Publication publication = Publication.begin(folders.of(version.name()))) {
      return publication.remove(version.version(), folders.highestVersion(version.name()));
    } catch (IOException impossible) {
      throw ModelStoreException.storageFailed(
          "model %s cannot be removed".formatted(version), impossible);
    }
  }

  private ModelStoreException notPublished(EncoderName name, IOException cause) {
    return ModelStoreException.storageFailed(
        "model %s cannot be published; check the free space and the rights of %s"
            .formatted(name, folders.root()),
        cause);
  }
}
