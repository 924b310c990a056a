package dev.likeness.encoders.checkpoint;

import java.lang.foreign.Arena;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The tensors of one open file, in the file's order. Safe for several threads; closing it unmaps
 * the file.
 */
public final class Checkpoint implements AutoCloseable {

  /** How the file is written. */
  public enum Format {
    SAFETENSORS,
    TORCH_ZIP,
    TORCH_LEGACY
  }

  private final Format format;
  private final SequencedMap<String, CheckpointTensor> tensors;
  private final List<String> ignored;
  private final Arena arena;

  Checkpoint(
      Format format,
      SequencedMap<String, CheckpointTensor> tensors,
      List<String> ignored,
      Arena arena) {
    this.format = format;
    this.tensors = WrapperPrefix.strip(tensors);
    this.ignored = List.copyOf(ignored);
    this.arena = arena;
  }

  public Format format() {
    return format;
  }

  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  public Collection<CheckpointTensor> tensors() {
    return Collections.unmodifiableCollection(tensors.values());
  }

  public Optional<CheckpointTensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** Entries beside the tensors, such as {@code epoch} or {@code optimizer}. */
  public List<String> ignored() {
    return ignored;
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Names as the network has them, without what wrappers for training put in front. */
  private static final class WrapperPrefix {

    private static final List<String> PREFIXES = List.of("module.", "_orig_mod.");

    static SequencedMap<String, CheckpointTensor> strip(
        SequencedMap<String, CheckpointTensor> tensors) {
      for (String prefix : PREFIXES) {
        if (!tensors.isEmpty()
            && tensors.keySet().stream().allMatch(name -> name.startsWith(prefix))) {
          SequencedMap<String, CheckpointTensor> stripped = new LinkedHashMap<>();
          for (Map.Entry<String, CheckpointTensor> entry : tensors.entrySet()) {
            String name = entry.getKey().substring(prefix.length());
            stripped.put(name, entry.getValue().renamed(name));
          }
          return strip(stripped);
        }
      }
      return tensors;
    }
  }
}
