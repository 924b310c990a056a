package dev.likeness.encoders.store;

import dev.likeness.encoders.store.ModelStoreException.Reason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where the packages of a store lie, and which are there at this moment. Stateless. */
final class PackageFolders {

  private final Path root;

  /** Below an absolute path. */
  PackageFolders(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  /** The folder of an encoder. */
  Path of(EncoderName name) {
    return root.resolve(name.value());
  }

  /** The folder of a version. */
  Path of(ModelVersion version) {
    return of(version.name()).resolve(String.valueOf(version.version()));
  }

  /** Of every folder that may hold an encoder, sorted. */
  List<EncoderName> names() {
    return entries(root).stream()
        .map(path -> path.getFileName().toString())
        .filter(EncoderName::isValid)
        .filter(name -> Files.isDirectory(root.resolve(name)))
        .map(EncoderName::new)
        .sorted()
        .toList();
  }

  /** The versions of an encoder that there are, the oldest first. */
  List<Integer> versions(EncoderName name) {
    return entries(of(name)).stream()
        .filter(path -> path.getFileName().toString().matches("[1-9][0-9]{0,8}"))
        .map(path -> Integer.valueOf(path.getFileName().toString()))
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  /** Of all that were ever published. */
  int highestVersion(EncoderName name) throws IOException {
    List<Integer> versions = versions(name);
    int highest = versions.isEmpty() ? 0 : versions.getLast();
    return Math.max(highest, Publication.highestRemoved(of(name)));
  }

  /**
   * A version that is there.
   *
   * @throws ModelStoreException if its card cannot be used
   */
  ModelPackage read(ModelVersion version) {
    Path directory = of(version);
    EncoderCard card = CardFile.read(directory.resolve(ModelPackage.CARD_FILE));
    if (!card.name().equals(version.name().value())) {
      throw new ModelStoreException(
          Reason.UNREADABLE_CARD,
          "the card in %s is that of '%s'; a package's folder must not be renamed"
              .formatted(directory, card.name()));
    }
    return new ModelPackage(version, card, directory);
  }

  /** One version, if it is there. */
  Optional<ModelPackage> find(ModelVersion version) {
    return Files.isDirectory(of(version)) ? Optional.of(read(version)) : Optional.empty();
  }

  /** The newest version of an encoder. */
  Optional<ModelPackage> newest(EncoderName name) {
    List<Integer> versions = versions(name);
    return versions.isEmpty()
        ? Optional.empty()
        : Optional.of(read(new ModelVersion(name, versions.getLast())));
  }

  private static List<Path> entries(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      List<Path> found = new ArrayList<>();
      stream.forEach(found::add);
      return found;
    } catch (IOException unreadable) {
      throw ModelStoreException.storageFailed(
          "the model store's folder %s cannot be read".formatted(directory), unreadable);
    }
  }
}
