package dev.likeness.index.history;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether the calls on one register can be put in an order that respects time and in which
 * every read answers what was written last: Wing and Gong (1993), with the states that were tried
 * remembered as Lowe (2017) does. A call without an answer may be left out.
 */
final class Linearizability {

  private record State(BitSet settled, Optional<Integer> value) {}

  private final List<Operation> operations;
  private final Set<State> tried = new HashSet<>();

  private Linearizability(List<Operation> operations) {
    this.operations = operations;
  }

  /** True if there is such an order, for a register that is empty at first. */
  static boolean holds(List<Operation> operations) {
    return new Linearizability(operations).search(new BitSet(), Optional.empty());
  }

  private boolean search(BitSet settled, Optional<Integer> value) {
    if (settled.cardinality() == operations.size()) {
      return true;
    }
    if (!tried.add(new State((BitSet) settled.clone(), value))) {
      return false;
    }
    long firstEnd = Long.MAX_VALUE;
    for (int i = settled.nextClearBit(0); i < operations.size(); i = settled.nextClearBit(i + 1)) {
      firstEnd = Math.min(firstEnd, operations.get(i).ended());
    }
    for (int i = settled.nextClearBit(0); i < operations.size(); i = settled.nextClearBit(i + 1)) {
      Operation next = operations.get(i);
      if (next.invoked() > firstEnd) {
        continue; // another one ended before this one began
      }
      settled.set(i);
      boolean possible = next.isWrite() || !next.answered() || next.value().equals(value);
      Optional<Integer> after = next.isWrite() ? next.value() : value;
      if ((possible && search(settled, after)) || (!next.answered() && search(settled, value))) {
        return true;
      }
      settled.clear(i);
    }
    return false;
  }
}
