package dev.likeness.encoders.store;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that hold graph and weights, with their hashes.
 *
 * @param onnxSha256 of encoder.onnx, hexadecimal
 * @param dataSha256 of each external data file, by its path relative to the package
 */
public record WeightFiles(String onnxSha256, @Nullable Map<String, String> dataSha256) {

  public WeightFiles {
    dataSha256 =
        dataSha256 == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(dataSha256));
    dataSha256.keySet().forEach(WeightFiles::checkLocation);
  }

  /** Paths of the data files relative to the package, sorted. */
  public Set<String> dataLocations() {
    return dataHashes().keySet();
  }

  Map<String, String> dataHashes() {
    return dataSha256 == null ? Map.of() : dataSha256;
  }

  /**
   * A data file's path stays inside its package and takes no file's place.
   *
   * @throws IllegalArgumentException otherwise
   */
  public static void checkLocation(String location) {
    Path path = Path.of(location);
    boolean escapes =
        location.isEmpty()
            || path.isAbsolute()
            || location.indexOf('\\') >= 0
            || !path.normalize().equals(path)
            || path.startsWith("..");
    if (escapes) {
      throw new IllegalArgumentException(
          "a data file lies in the model's own folder, got the location '%s'".formatted(location));
    }
    if (location.equals(ModelPackage.ONNX_FILE) || location.equals(ModelPackage.CARD_FILE)) {
      throw new IllegalArgumentException(
          "a data file cannot be called '%s', the package uses that name".formatted(location));
    }
  }
}
