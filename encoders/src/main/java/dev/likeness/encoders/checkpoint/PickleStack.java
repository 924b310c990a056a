package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The values a pickle works on, in groups: a mark begins one, and its end takes it as a whole. */
final class PickleStack {

  private final Deque<List<PickleValue>> outer = new ArrayDeque<>();
  private List<PickleValue> group = new ArrayList<>();

  void push(PickleValue value) {
    group.add(value);
  }

  PickleValue pop() {
    return popLast(1).getFirst();
  }

  PickleValue peek() {
    if (group.isEmpty()) {
      throw empty();
    }
    return group.getLast();
  }

  /** The last values, in the order in which they were pushed. */
  List<PickleValue> popLast(int count) {
    if (group.size() < count) {
      throw empty();
    }
    List<PickleValue> tail = group.subList(group.size() - count, group.size());
    List<PickleValue> taken = List.copyOf(tail);
    tail.clear();
    return taken;
  }

  void mark() {
    outer.push(group);
    group = new ArrayList<>();
  }

  /** What was pushed since the last mark. */
  List<PickleValue> popToMark() {
    if (outer.isEmpty()) {
      throw new CheckpointException(Reason.MALFORMED, "the pickle ends a group that was not begun");
    }
    List<PickleValue> ended = group;
    group = outer.pop();
    return ended;
  }

  private static CheckpointException empty() {
    return new CheckpointException(
        Reason.MALFORMED, "the pickle takes more from the stack than there is");
  }
}
