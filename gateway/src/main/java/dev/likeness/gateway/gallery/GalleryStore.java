package dev.likeness.gateway.gallery;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.likeness.evaluation.file.AtomicFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The galleries, a file {@code <name>.json} each, replaced as a whole. After a crash each is as it
 * was saved last. Safe for use by many threads.
 */
public final class GalleryStore {

  private static final Logger LOG = System.getLogger(GalleryStore.class.getName());
  private static final String ENDING = ".json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addModule(new JavaTimeModule())
          .build();

  private final Path directory;
  private final Object lock = new Object();
  private final Map<String, Gallery> galleries = new TreeMap<>();

  private GalleryStore(Path directory) {
    this.directory = directory;
  }

  /** Opens the store and reads all galleries; a file that cannot be read is left alone. */
  public static GalleryStore open(Path directory) {
    GalleryStore store = new GalleryStore(directory);
    try {
      Files.createDirectories(directory);
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + ENDING)) {
        for (Path file : files) {
          store.read(file);
        }
      }
    } catch (IOException e) {
      throw new GalleryException.Storage(directory.toString(), e);
    }
    return store;
  }

  private void read(Path file) throws IOException {
    try {
      Gallery gallery = JSON.readValue(Files.readAllBytes(file), Gallery.class);
      if (!(gallery.name() + ENDING).equals(file.getFileName().toString())) {
        throw new IllegalArgumentException("it is that of gallery " + gallery.name());
      }
      galleries.put(gallery.name(), gallery);
    } catch (JacksonException | IllegalArgumentException | NullPointerException damaged) {
      LOG.log(Level.WARNING, "{0} is no gallery and is left alone", file);
    }
  }

  /** All galleries, by name. */
  public List<Gallery> all() {
    synchronized (lock) {
      return List.copyOf(galleries.values());
    }
  }

  /** A gallery. */
  public Optional<Gallery> find(String name) {
    synchronized (lock) {
      return Optional.ofNullable(galleries.get(name));
    }
  }

  /**
   * A gallery that must exist.
   *
   * @throws GalleryException.NotFound if there is none
   */
  public Gallery require(String name) {
    return find(name).orElseThrow(() -> new GalleryException.NotFound(name));
  }

  /**
   * Accepts a gallery; the same again gives the one there is.
   *
   * @throws GalleryException.Exists if the name stands for another one
   */
  public Gallery create(Gallery fresh) {
    synchronized (lock) {
      Gallery known = galleries.get(fresh.name());
      if (known == null) {
        save(fresh);
        return fresh;
      }
      if (!known.imagesPath().equals(fresh.imagesPath())
          || !known.encoder().equals(fresh.encoder())
          || (fresh.attributesPath() != null
              && !fresh.attributesPath().equals(known.attributesPath()))) {
        throw new GalleryException.Exists(known);
      }
      return known;
    }
  }

  /** Changes a gallery, on disk first. */
  Gallery change(String name, UnaryOperator<Gallery> change) {
    synchronized (lock) {
      Gallery changed = change.apply(require(name));
      save(changed);
      return changed;
    }
  }

  private void save(Gallery gallery) {
    synchronized (lock) {
      try {
        AtomicFile.write(file(gallery.name()), JSON.writeValueAsBytes(gallery));
      } catch (IOException e) {
        throw new GalleryException.Storage(gallery.name(), e);
      }
      galleries.put(gallery.name(), gallery);
    }
  }

  /** Changes a gallery in memory only: progress and troubles that need not survive. */
  void show(String name, UnaryOperator<Gallery> change) {
    synchronized (lock) {
      galleries.computeIfPresent(name, (_, gallery) -> change.apply(gallery));
    }
  }

  void remove(String name) {
    synchronized (lock) {
      try {
        Files.deleteIfExists(file(name));
      } catch (IOException e) {
        throw new GalleryException.Storage(name, e);
      }
      galleries.remove(name);
    }
  }

  private Path file(String name) {
    return directory.resolve(name + ENDING);
  }
}
