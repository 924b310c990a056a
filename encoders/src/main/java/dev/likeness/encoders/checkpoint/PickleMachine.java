package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import dev.likeness.encoders.checkpoint.PickleValue.Dictionary;
import dev.likeness.encoders.checkpoint.PickleValue.Name;
import dev.likeness.encoders.checkpoint.PickleValue.Other;
import dev.likeness.encoders.checkpoint.PickleValue.Sequence;
import dev.likeness.encoders.checkpoint.PickleValue.Storage;
import dev.likeness.encoders.checkpoint.PickleValue.Text;
import dev.likeness.encoders.checkpoint.PickleValue.Truth;
import dev.likeness.encoders.checkpoint.PickleValue.Whole;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stack machine of Python's pickle, protocols 0 to 5, for data only.
 *
 * <p>The codes are those of {@code pickletools}. Codes that look a name up end in {@link
 * TorchObjects}, which knows a dozen; codes that make instances of classes are refused with the
 * class's name. There is no reflection, and no Java type is chosen by the file.
 */
final class PickleMachine {

  /** A checkpoint takes about 40 codes per tensor. */
  private static final int MOST_CODES = 1_000_000;

  private final PickleInput in;
  private final Map<Long, PickleValue> memo = new HashMap<>();
  private final PickleStack stack = new PickleStack();
  private final Consumer<Storage> storages;

  private PickleMachine(PickleInput in, Consumer<Storage> storages) {
    this.in = in;
    this.storages = storages;
  }

  /** Reads one pickle and stops behind it. */
  static PickleValue read(PickleInput in) {
    return read(in, storage -> {});
  }

  /**
   * @param storages told of every storage the pickle refers to
   */
  static PickleValue read(PickleInput in, Consumer<Storage> storages) {
    return new PickleMachine(in, storages).run();
  }

  private PickleValue run() {
    for (int count = 0; count < MOST_CODES; count++) {
      int code = in.u8();
      if (code == '.') {
        return stack.pop();
      }
      if (!scalar(code) && !container(code) && !memory(code) && !object(code)) {
        throw malformed("holds the unknown code 0x%02x".formatted(code));
      }
    }
    throw new CheckpointException(
        Reason.LIMIT_EXCEEDED,
        "the pickle has more than %d codes; no checkpoint needs as many".formatted(MOST_CODES));
  }

  private boolean scalar(int code) {
    PickleValue value = scalarValue(code);
    if (value != null) {
      stack.push(value);
    }
    return value != null;
  }

  private @Nullable PickleValue scalarValue(int code) {
    return switch (code) {
      case 'N' -> new Other("None");
      case 0x88 -> new Truth(true);
      case 0x89 -> new Truth(false);
      case 'K' -> Whole.of(in.u8());
      case 'M' -> Whole.of(in.unsigned(2));
      case 'J' -> Whole.of(in.i32());
      case 'I' -> decimalOrTruth(in.line());
      case 'L' -> decimal(in.line().replaceFirst("L$", ""));
      case 0x8a -> new Whole(in.signed(in.u8()));
      case 0x8b -> new Whole(in.signed(in.i32()));
      case 'G' -> skipped("float", 8);
      case 'F' -> new Other("float " + in.line());
      case 'X', 'T' -> new Text(in.text(in.unsigned(4)));
      case 0x8c, 'U' -> new Text(in.text(in.u8()));
      case 0x8d -> new Text(in.text(in.unsigned(8)));
      case 'V' -> new Text(in.line());
      case 'S' -> new Text(unquoted(in.line()));
      case 'B' -> skipped("bytes", in.unsigned(4));
      case 'C' -> skipped("bytes", in.u8());
      case 0x8e, 0x96 -> skipped("bytes", in.unsigned(8));
      default -> null;
    };
  }

  private boolean container(int code) {
    switch (code) {
      case '(' -> stack.mark();
      case ')', ']', 0x8f -> stack.push(new Sequence());
      case '}' -> stack.push(new Dictionary());
      case 't', 'l', 0x91 -> stack.push(Sequence.of(stack.popToMark()));
      case 'd' -> stack.push(dictionary(stack.popToMark()));
      case 0x85 -> stack.push(Sequence.of(stack.popLast(1)));
      case 0x86 -> stack.push(Sequence.of(stack.popLast(2)));
      case 0x87 -> stack.push(Sequence.of(stack.popLast(3)));
      case 'a' -> addAll(stack.popLast(1));
      case 'e', 0x90 -> addAll(stack.popToMark());
      case 's' -> setItems(stack.popLast(2));
      case 'u' -> setItems(stack.popToMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean memory(int code) {
    switch (code) {
      case 0x80 -> protocol(in.u8());
      case 0x95 -> in.unsigned(8); // FRAME: a hint for buffering
      case '0' -> stack.pop();
      case '1' -> stack.popToMark();
      case '2' -> stack.push(stack.peek());
      case 'g' -> stack.push(recall(decimal(in.line()).value().longValue()));
      case 'h' -> stack.push(recall(in.u8()));
      case 'j' -> stack.push(recall(in.unsigned(4)));
      case 'p' -> memo.put(decimal(in.line()).value().longValue(), stack.peek());
      case 'q' -> memo.put((long) in.u8(), stack.peek());
      case 'r' -> memo.put(in.unsigned(4), stack.peek());
      case 0x94 -> memo.put((long) memo.size(), stack.peek());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean object(int code) {
    switch (code) {
      case 'c' -> stack.push(TorchObjects.lookUp(in.line(), in.line()));
      case 0x93 -> stack.push(lookUp(stack.popLast(2)));
      case 'i' -> throw TorchObjects.forbidden(in.line() + "." + in.line());
      case 'P' -> throw malformed("has a persistent id in text form");
      case 'Q' -> stack.push(storage(stack.pop()));
      case 'R' -> stack.push(call(stack.popLast(2)));
      case 0x81 -> stack.push(call(stack.popLast(2)));
      case 0x92, 'o', 0x82, 0x83, 0x84, 0x97, 0x98 ->
          throw new CheckpointException(
              Reason.FORBIDDEN_OBJECT,
              "the pickle makes an object by code 0x%02x; only tensors and plain containers are read"
                  .formatted(code));
      case 'b' -> TorchObjects.checkState(peekBelow());
      default -> {
        return false;
      }
    }
    return true;
  }

  private Storage storage(PickleValue id) {
    Storage storage = TorchObjects.storage(id);
    storages.accept(storage);
    return storage;
  }

  private static PickleValue lookUp(List<PickleValue> names) {
    if (names.get(0) instanceof Text(String module) && names.get(1) instanceof Text(String name)) {
      return TorchObjects.lookUp(module, name);
    }
    throw malformed("looks a name up that is not text");
  }

  private static PickleValue call(List<PickleValue> functionAndArguments) {
    if (functionAndArguments.get(0) instanceof Name name
        && functionAndArguments.get(1) instanceof Sequence arguments) {
      return TorchObjects.call(name, arguments.items);
    }
    throw malformed("calls something that is not a function");
  }

  /** BUILD sets an object's state: the attributes of an OrderedDict, of no interest here. */
  private PickleValue peekBelow() {
    stack.pop();
    return stack.peek();
  }

  private PickleValue recall(long index) {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw malformed("recalls value %d, which it never stored".formatted(index));
    }
    return value;
  }

  private void addAll(List<PickleValue> items) {
    if (!(stack.peek() instanceof Sequence sequence)) {
      throw malformed("appends to something that is not a list");
    }
    sequence.items.addAll(items);
  }

  private void setItems(List<PickleValue> items) {
    if (!(stack.peek() instanceof Dictionary dictionary)) {
      throw malformed("sets an item of something that is not a dictionary");
    }
    dictionary.putAll(items);
  }

  private static Dictionary dictionary(List<PickleValue> items) {
    Dictionary dictionary = new Dictionary();
    dictionary.putAll(items);
    return dictionary;
  }

  private static void protocol(int version) {
    if (version > 5) {
      throw new CheckpointException(
          Reason.UNSUPPORTED, "the pickle has protocol %d, known are 0 to 5".formatted(version));
    }
  }

  private PickleValue skipped(String kind, long length) {
    in.skip(length);
    return new Other(kind);
  }

  private static PickleValue decimalOrTruth(String line) {
    return switch (line) {
      case "00" -> new Truth(false);
      case "01" -> new Truth(true);
      default -> decimal(line);
    };
  }

  private static Whole decimal(String digits) {
    if (!digits.matches("-?[0-9]{1,40}")) {
      throw malformed("has a number that is none");
    }
    return new Whole(new BigInteger(digits));
  }

  private static String unquoted(String line) {
    return line.length() >= 2 ? line.substring(1, line.length() - 1) : line;
  }

  private static CheckpointException malformed(String what) {
    return new CheckpointException(Reason.MALFORMED, "the pickle " + what);
  }
}
