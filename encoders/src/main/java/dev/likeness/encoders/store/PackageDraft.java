package dev.likeness.encoders.store;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A package that is complete but has no version yet; {@link ModelStore#publish} gives it one. */
public final class PackageDraft {

  private final EncoderCard card;
  private final byte[] onnx;
  private final Map<String, Path> dataFiles;

  /**
   * @param card with the hashes of exactly these files
   * @param onnx the serialised graph; not copied
   * @param dataFiles where to copy each external data file from, by its location in the package
   */
  public PackageDraft(EncoderCard card, byte[] onnx, Map<String, Path> dataFiles) {
    if (!Sha256.of(onnx).equals(card.weights().onnxSha256())) {
      throw new IllegalArgumentException("the card's hash is not that of the graph");
    }
    if (!card.weights().dataLocations().equals(dataFiles.keySet())) {
      throw new IllegalArgumentException(
          "the card names the data files %s, given are %s"
              .formatted(card.weights().dataLocations(), dataFiles.keySet()));
    }
    this.card = card;
    this.onnx = onnx;
    this.dataFiles = Map.copyOf(dataFiles);
  }

  public EncoderCard card() {
    return card;
  }

  /** The serialised graph; shared, read only by agreement. */
  public byte[] onnx() {
    return onnx;
  }

  public Map<String, Path> dataFiles() {
    return dataFiles;
  }

  /** The job whose result this is. A store publishes at most one version for each job and name. */
  public Optional<String> jobId() {
    return Optional.ofNullable(job());
  }

  private @Nullable String job() {
    return card.origin().jobId();
  }
}
