package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import dev.likeness.encoders.checkpoint.PickleValue.Dictionary;
import dev.likeness.encoders.checkpoint.PickleValue.Storage;
import dev.likeness.encoders.checkpoint.PickleValue.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * The named tensors within what a torch file holds: the dictionary itself, or the one that training
 * scripts keep inside another. Beside it may lie other tensors, such as the state of a random
 * generator; the dictionary with the most tensors is taken.
 *
 * @param ignored keys of the outer dictionary and of the inner one that are no tensors
 */
record StateDictionary(SequencedMap<String, Tensor> tensors, List<String> ignored) {

  /** Where training scripts put the weights, the usual first. */
  private static final List<String> NESTED =
      List.of(
          "state_dict", "model", "model_state_dict", "model_state", "net", "network", "teacher");

  static StateDictionary of(PickleValue root) {
    if (!(root instanceof Dictionary dictionary)) {
      throw new CheckpointException(
          Reason.TENSORS_DO_NOT_FIT,
          "holds no dictionary of named tensors; save model.state_dict()");
    }
    StateDictionary largest = tensorsOf(dictionary, List.of());
    for (String key : NESTED) {
      if (dictionary.entries.get(key) instanceof Dictionary inner) {
        List<String> beside =
            dictionary.entries.keySet().stream().filter(other -> !other.equals(key)).toList();
        StateDictionary nested = tensorsOf(inner, beside);
        if (nested.tensors.size() > largest.tensors.size()) {
          largest = nested;
        }
      }
    }
    if (!largest.tensors.isEmpty()) {
      return largest;
    }
    throw new CheckpointException(
        Reason.TENSORS_DO_NOT_FIT,
        "holds no tensors by name, neither directly nor under one of %s; its keys are %s"
            .formatted(NESTED, dictionary.entries.keySet().stream().limit(20).toList()));
  }

  /**
   * @param storages gives the bytes of a whole storage
   */
  SequencedMap<String, CheckpointTensor> resolve(Function<Storage, MemorySegment> storages) {
    SequencedMap<String, CheckpointTensor> resolved = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Storage storage = entry.getValue().storage();
      MemorySegment bytes = storages.apply(storage);
      long elements = bytes.byteSize() / storage.type().byteSize();
      if (elements != storage.elements() || bytes.byteSize() % storage.type().byteSize() != 0) {
        throw new CheckpointException(
            Reason.MALFORMED,
            "tensor '%s' lies in a storage of %d %s elements, the file holds %d bytes for it"
                .formatted(entry.getKey(), storage.elements(), storage.type(), bytes.byteSize()));
      }
      long size = storage.type().byteSize();
      MemorySegment view =
          bytes.asSlice(storage.viewOffset() * size, storage.viewElements() * size);
      resolved.put(
          entry.getKey(),
          new CheckpointTensor(entry.getKey(), storage.type(), entry.getValue().layout(), view));
    }
    return resolved;
  }

  private static StateDictionary tensorsOf(Dictionary dictionary, List<String> beside) {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    List<String> ignored = new ArrayList<>(beside);
    for (Map.Entry<String, PickleValue> entry : dictionary.entries.entrySet()) {
      if (entry.getValue() instanceof Tensor tensor) {
        tensors.put(entry.getKey(), tensor);
      } else {
        ignored.add(entry.getKey());
      }
    }
    return new StateDictionary(tensors, ignored);
  }
}
