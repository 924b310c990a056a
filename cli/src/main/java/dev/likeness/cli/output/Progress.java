package dev.likeness.cli.output;

import java.util.Locale;
import java.util.function.LongFunction;

/**
 * Progress of a piece of work: a bar that is redrawn on a terminal; elsewhere a line for each stage
 * and for each quarter of it, so that a log stays short.
 */
public final class Progress implements AutoCloseable {
  private static final int BAR_WIDTH = 30;
  private static final int STEPS = 4;

  private final Output output;
  private String stage = "";
  private long step = -1;
  private boolean drawn;

  /** Shows progress on an output. */
  public Progress(Output output) {
    this.output = output;
  }

  /**
   * Shows a stage with a known number of items.
   *
   * @param name what is being done
   * @param done items done
   * @param total items of the stage; 0 if there are none to count
   */
  public void show(String name, long done, long total) {
    if (total <= 0) {
      show(name);
    } else {
      draw(name, done, total, String::valueOf);
    }
  }

  /**
   * Shows a stage with a known number of items, and how it stands.
   *
   * @param name what is being done; a new one is a new stage
   * @param text what is shown: the name and how it stands, which changes all the time
   */
  public void show(String name, String text, long done, long total) {
    draw(name, text, done, total, String::valueOf);
  }

  /**
   * Shows a download.
   *
   * @param name what is being fetched
   * @param received bytes so far
   * @param total bytes of all; 0 if that is not known
   */
  public void showBytes(String name, long received, long total) {
    if (total > 0) {
      draw(name, received, total, Progress::megabytes);
    } else {
      show(output.isTerminal() ? name + ", " + megabytes(received) : name);
    }
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private void draw(String name, long done, long total, LongFunction<String> text) {
    draw(name, name, done, total, text);
  }

  private void draw(String name, String shown, long done, long total, LongFunction<String> text) {
    long bounded = Math.clamp(done, 0, total);
    if (output.isTerminal()) {
      int filled = (int) (bounded * BAR_WIDTH / total);
      drawn = true;
      output.redraw(
          "%s [%s%s] %s/%s"
              .formatted(
                  shown,
                  "#".repeat(filled),
                  " ".repeat(BAR_WIDTH - filled),
                  text.apply(bounded),
                  text.apply(total)));
      return;
    }
    long reached = bounded * STEPS / total;
    if (!name.equals(stage) || reached > step) {
      stage = name;
      step = reached;
      output.note("%s: %s of %s".formatted(shown, text.apply(bounded), text.apply(total)));
    }
  }

  /** Shows a stage of unknown length. */
  public void show(String name) {
    if (output.isTerminal()) {
      drawn = true;
      output.redraw(name + " …");
    } else if (!name.equals(stage)) {
      stage = name;
      step = -1;
      output.note(name);
    }
  }

  /** Says something that stays. */
  public void note(String sentence) {
    close();
    output.note(sentence);
  }

  /** Clears the bar. */
  @Override
  public void close() {
    if (drawn) {
      output.redraw("");
      drawn = false;
    }
  }
}
