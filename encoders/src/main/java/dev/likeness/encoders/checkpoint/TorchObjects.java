package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import dev.likeness.encoders.checkpoint.PickleValue.Dictionary;
import dev.likeness.encoders.checkpoint.PickleValue.Name;
import dev.likeness.encoders.checkpoint.PickleValue.Other;
import dev.likeness.encoders.checkpoint.PickleValue.Sequence;
import dev.likeness.encoders.checkpoint.PickleValue.Storage;
import dev.likeness.encoders.checkpoint.PickleValue.Tensor;
import dev.likeness.encoders.checkpoint.PickleValue.Text;
import dev.likeness.encoders.checkpoint.PickleValue.Whole;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The few Python names that a state dictionary needs, and what they mean here. Every other name is
 * refused when it is looked up, before anything could use it.
 */
final class TorchObjects {

  private static final String ORDERED_DICT = "collections.OrderedDict";
  private static final Set<String> TENSORS =
      Set.of("torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor");
  private static final Set<String> PARAMETERS =
      Set.of("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state");
  private static final String SIZE = "torch.Size";

  /** What NumPy's scalars need; training scripts keep a best score beside the weights. */
  private static final Set<String> NUMPY =
      Set.of(
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray.scalar",
          "numpy.dtype",
          "_codecs.encode");

  private TorchObjects() {}

  static Name lookUp(String module, String name) {
    String qualified = module + "." + name;
    boolean known =
        qualified.equals(ORDERED_DICT)
            || qualified.equals(SIZE)
            || TENSORS.contains(qualified)
            || PARAMETERS.contains(qualified)
            || NUMPY.contains(qualified)
            || isStorage(qualified);
    if (!known) {
      throw forbidden(qualified);
    }
    return new Name(qualified);
  }

  static PickleValue call(Name function, List<PickleValue> arguments) {
    String name = function.qualified();
    if (name.equals(ORDERED_DICT)) {
      return orderedDict(arguments);
    }
    if (TENSORS.contains(name) && arguments.size() >= 4) {
      return tensor(arguments);
    }
    if (PARAMETERS.contains(name)
        && !arguments.isEmpty()
        && arguments.getFirst() instanceof Tensor tensor) {
      return tensor;
    }
    if (name.equals(SIZE)
        && arguments.size() == 1
        && arguments.getFirst() instanceof Sequence size) {
      return size;
    }
    if (NUMPY.contains(name)) {
      return new Other(name);
    }
    throw malformed("calls %s with arguments it does not take".formatted(name));
  }

  /** Empty and filled by later codes, or, as Python 2 wrote it, made of a list of pairs. */
  private static Dictionary orderedDict(List<PickleValue> arguments) {
    List<PickleValue> items = new ArrayList<>();
    if (!arguments.isEmpty()) {
      if (!(arguments.getFirst() instanceof Sequence pairs)) {
        throw malformed("makes a dictionary of something that is no list");
      }
      for (PickleValue pair : pairs.items) {
        if (!(pair instanceof Sequence keyAndValue) || keyAndValue.items.size() != 2) {
          throw malformed("makes a dictionary of something that is no pair");
        }
        items.addAll(keyAndValue.items);
      }
      // A list is made a dictionary once: otherwise few codes could copy a long one many times.
      pairs.items.clear();
    }
    Dictionary dictionary = new Dictionary();
    dictionary.putAll(items);
    return dictionary;
  }

  /** Attributes may be set on containers and NumPy types, where they change no tensor. */
  static void checkState(PickleValue target) {
    if (!(target instanceof Dictionary) && !(target instanceof Other)) {
      throw malformed("sets the state of something that has none");
    }
  }

  /**
   * Resolves a persistent id: ('storage', class, key, location, elements), in the legacy form
   * followed by the view of it, None or (key, offset, elements).
   */
  static Storage storage(PickleValue id) {
    if (id instanceof Sequence sequence
        && sequence.items.size() >= 5
        && sequence.items.get(0) instanceof Text(String tag)
        && tag.equals("storage")
        && sequence.items.get(1) instanceof Name(String storageClass)
        && sequence.items.get(2) instanceof Text(String key)) {
      TensorType type = storageType(storageClass);
      long elements = number(sequence.items.get(4));
      if (sequence.items.size() > 5 && sequence.items.get(5) instanceof Sequence view) {
        return view(key, type, elements, view.items);
      }
      return new Storage(key, type, elements, 0, elements);
    }
    throw malformed("refers to something that is not a storage");
  }

  static CheckpointException forbidden(String qualified) {
    return new CheckpointException(
        Reason.FORBIDDEN_OBJECT,
        "the pickle asks for '%s'; only tensors and plain containers are read"
                .formatted(shortened(qualified))
            + " (save model.state_dict(), not the model)");
  }

  private static Storage view(
      String key, TensorType type, long elements, List<PickleValue> metadata) {
    if (metadata.size() != 3) {
      throw malformed("has a storage view without key, offset and size");
    }
    long offset = number(metadata.get(1));
    long size = number(metadata.get(2));
    if (offset < 0 || size < 0 || offset > elements - size) {
      throw malformed(
          "has a view of %d elements at %d in a storage of %d".formatted(size, offset, elements));
    }
    return new Storage(key, type, elements, offset, size);
  }

  /** Arguments: storage, offset, size, stride, and others that do not matter here. */
  private static Tensor tensor(List<PickleValue> arguments) {
    if (!(arguments.getFirst() instanceof Storage storage)) {
      throw malformed("makes a tensor without a storage");
    }
    long offset = number(arguments.get(1));
    TensorLayout layout =
        new TensorLayout(offset, numbers(arguments.get(2)), numbers(arguments.get(3)));
    layout.checkFits(storage.viewElements());
    return new Tensor(storage, layout);
  }

  private static TensorType storageType(String qualified) {
    return TensorType.ofTorchStorage(qualified.substring(qualified.lastIndexOf('.') + 1))
        .orElseThrow(() -> forbidden(qualified));
  }

  private static boolean isStorage(String qualified) {
    return qualified.startsWith("torch.")
        && qualified.indexOf('.', "torch.".length()) < 0
        && TensorType.ofTorchStorage(qualified.substring("torch.".length())).isPresent();
  }

  private static List<Long> numbers(PickleValue value) {
    if (!(value instanceof Sequence sequence)
        || sequence.items.size() > TensorLayout.LARGEST_RANK) {
      throw malformed(
          "has a shape that is not a list of at most %d sizes"
              .formatted(TensorLayout.LARGEST_RANK));
    }
    List<Long> numbers = new ArrayList<>();
    for (PickleValue item : sequence.items) {
      numbers.add(number(item));
    }
    return numbers;
  }

  private static long number(PickleValue value) {
    if (value instanceof Whole(BigInteger number) && number.bitLength() < Long.SIZE) {
      return number.longValue();
    }
    throw malformed("has something else where a number belongs");
  }

  private static String shortened(String name) {
    return name.length() > 80 ? name.substring(0, 80) + "…" : name;
  }

  private static CheckpointException malformed(String what) {
    return new CheckpointException(Reason.MALFORMED, "the pickle " + what);
  }
}
