package dev.likeness.index.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What {@link HistoryWriter}s said, one process after the other; a line is a moment. */
final class History {

  private record Call(long invoked, int register, boolean isWrite, Optional<Integer> value) {}

  private final Map<Integer, List<Operation>> registers = new TreeMap<>();
  private final Map<Integer, Call> unanswered = new HashMap<>();
  private long now;

  /** Adds what one process said until it ended; a line that was torn by its end does not count. */
  void add(List<String> lines) {
    for (String line : lines) {
      now++;
      String[] words = line.split(" ", -1);
      if (words[0].equals("i") && words.length >= 4) {
        begin(words);
      } else if (words[0].equals("o") && words.length == 4 && words[3].equals(".")) {
        end(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
      }
    }
    now++;
    for (Call call : unanswered.values()) {
      if (call.isWrite) {
        add(call.register, new Operation(call.invoked, now, false, true, call.value));
      }
    }
    unanswered.clear();
  }

  Map<Integer, List<Operation>> registers() {
    return registers;
  }

  int answeredCount() {
    return (int)
        registers.values().stream().flatMap(List::stream).filter(Operation::answered).count();
  }

  private void begin(String[] words) {
    boolean isWrite = words[3].equals("w");
    Optional<Integer> value = isWrite ? version(Integer.parseInt(words[4])) : Optional.empty();
    Call call = new Call(now, Integer.parseInt(words[2]), isWrite, value);
    unanswered.put(Integer.parseInt(words[1]), call);
  }

  private void end(int number, int seen) {
    Call call = unanswered.remove(number);
    if (call != null) {
      Optional<Integer> value = call.isWrite ? call.value : version(seen);
      add(call.register, new Operation(call.invoked, now, true, call.isWrite, value));
    }
  }

  private void add(int register, Operation operation) {
    registers.computeIfAbsent(register, _ -> new ArrayList<>()).add(operation);
  }

  private static Optional<Integer> version(int number) {
    return number == 0 ? Optional.empty() : Optional.of(number);
  }
}
