package dev.likeness.gateway.peer;

/** Counts the calls of fakes and lets a test interfere with the n-th. */
public final class Calls {

  /** What happens before a call. */
  @FunctionalInterface
  public interface Interference {
    void before(int number, String call);
  }

  private int count;
  private Interference interference = (_, _) -> {};

  /** Interferes from now on; counting starts over. */
  public void interfere(Interference with) {
    interference = with;
    count = 0;
  }

  public int count() {
    return count;
  }

  void next(String call) {
    count++;
    interference.before(count, call);
  }
}
