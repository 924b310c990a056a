package dev.likeness.index.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Histories whose answer is obvious, drawn as times from left to right. */
class LinearizabilityTest {

  @Test
  void acceptsReadsOfWhatWasWrittenLast() {
    assertThat(Linearizability.holds(List.of(read(1, 2, 0), write(3, 4, 7), read(5, 6, 7))))
        .isTrue();
    assertThat(
            Linearizability.holds(
                List.of(write(1, 2, 7), write(3, 4, 0), read(5, 6, 0), write(7, 8, 7))))
        .isTrue();
  }

  @Test
  void rejectsAStaleRead() {
    assertThat(Linearizability.holds(List.of(write(1, 2, 7), write(3, 4, 8), read(5, 6, 7))))
        .isFalse();
  }

  @Test
  void rejectsALostWrite() {
    assertThat(Linearizability.holds(List.of(write(1, 2, 7), read(3, 4, 0)))).isFalse();
  }

  @Test
  void rejectsAValueFromNowhere() {
    assertThat(Linearizability.holds(List.of(write(1, 2, 7), read(3, 4, 9)))).isFalse();
  }

  @Test
  void rejectsADeletedValueThatComesBack() {
    assertThat(
            Linearizability.holds(
                List.of(write(1, 2, 7), write(3, 4, 0), read(5, 6, 0), read(7, 8, 7))))
        .isFalse();
  }

  @Test
  void acceptsEitherOrderOfCallsAtTheSameTime() {
    List<Operation> writes = List.of(write(1, 5, 7), write(2, 6, 8));
    for (int seen : new int[] {7, 8}) {
      assertThat(Linearizability.holds(with(writes, read(7, 8, seen)))).isTrue();
    }
    assertThat(Linearizability.holds(with(writes, read(3, 4, 0)))).isTrue();
    assertThat(Linearizability.holds(with(writes, read(7, 8, 0)))).isFalse();
  }

  @Test
  void rejectsReadersThatSeeTwoWritesInDifferentOrders() {
    List<Operation> history =
        List.of(
            write(1, 20, 7),
            write(2, 21, 8),
            read(3, 4, 7),
            read(5, 6, 8),
            read(7, 8, 7)); // 7, then 8, then 7 again needs three writes
    assertThat(Linearizability.holds(history)).isFalse();
  }

  @Test
  void anUnansweredWriteHappenedBeforeItsProcessEndedOrNever() {
    List<Operation> history = List.of(write(1, 2, 7), lost(3, 10, 8));
    assertThat(Linearizability.holds(with(history, read(11, 12, 7)))).isTrue();
    assertThat(Linearizability.holds(with(history, read(11, 12, 8)))).isTrue();
    assertThat(Linearizability.holds(with(with(history, read(11, 12, 7)), read(13, 14, 8))))
        .as("a write that takes effect after its process ended")
        .isFalse();
  }

  private static Operation write(long invoked, long ended, int value) {
    return new Operation(invoked, ended, true, true, value(value));
  }

  private static Operation lost(long invoked, long ended, int value) {
    return new Operation(invoked, ended, false, true, value(value));
  }

  private static Operation read(long invoked, long ended, int value) {
    return new Operation(invoked, ended, true, false, value(value));
  }

  /** 0 stands for absent. */
  private static Optional<Integer> value(int value) {
    return value == 0 ? Optional.empty() : Optional.of(value);
  }

  private static List<Operation> with(List<Operation> history, Operation more) {
    List<Operation> longer = new ArrayList<>(history);
    longer.add(more);
    return longer;
  }
}
