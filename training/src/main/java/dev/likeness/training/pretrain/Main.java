package dev.likeness.training.pretrain;

import dev.likeness.training.finetune.FineTuneOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** {@code ./likeness pretrain}: makes the weights of the built-in encoder. */
public final class Main {

  private Main() {}

  /** Ends with 0, with 1 if it failed, or with 2 if it was asked wrongly. */
  public static void main(String[] arguments) {
    Arguments asked;
    try {
      asked = Arguments.parse(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println("likeness: " + wrong.getMessage());
      System.exit(2);
      return;
    }
    try {
      run(asked);
    } catch (IOException | RuntimeException failed) {
      System.err.println("likeness: " + failed.getMessage());
      System.exit(1);
    }
  }

  private static void run(Arguments asked) throws IOException {
    Path folder = asked.out();
    FineTuneOutcome.Finished done =
        new Pretraining(folder, asked.recipe(), asked.threads()).run(new Narration(System.err));
    WeightFiles files = WeightFiles.write(folder, done.draft(), asked.command());
    System.out.printf(
        Locale.ROOT,
        "Retrieval among held-out identities: score %.0f before, %.0f after; P@10 %.3f, %.3f%n",
        done.before().score(),
        done.after().score(),
        done.before().precisionAt10(),
        done.after().precisionAt10());
    System.out.printf("Weights: %s%nCard:    %s%n", files.graph(), files.card());
  }
}
