package dev.likeness.benchmarks;

import dev.likeness.benchmarks.embedding.EmbedBenchmark;
import dev.likeness.benchmarks.embedding.EncodersBenchmark;
import dev.likeness.benchmarks.embedding.RuntimeBenchmark;
import dev.likeness.benchmarks.index.IndexBenchmark;
import dev.likeness.benchmarks.training.GpuCheck;
import dev.likeness.benchmarks.training.TrainBenchmark;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./likeness bench}: one subcommand per question. */
public final class Main {

  private Main() {}

  /** All benchmarks. A new one is a class in its topic's package, and a line here. */
  private static List<Callable<Integer>> benchmarks() {
    return List.of(
        new EncodersBenchmark(),
        new EmbedBenchmark(),
        new RuntimeBenchmark(),
        new IndexBenchmark(),
        new TrainBenchmark(),
        new GpuCheck());
  }

  /** Runs one benchmark; ends with 0, with 1 if it failed, or with 2 if it was given wrongly. */
  public static void main(String[] arguments) {
    CommandLine commands = new CommandLine(new Root());
    benchmarks().forEach(commands::addSubcommand);
    commands.setExpandAtFiles(false);
    commands.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (!(failure instanceof IllegalArgumentException)) {
            failure.printStackTrace(System.err);
          }
          System.err.println("likeness: " + failure.getMessage());
          return 1;
        });
    System.exit(commands.execute(arguments));
  }

  @Command(
      name = "bench",
      description = "Measures speed, each thing beside its peer in one run.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "WHAT")
  private static final class Root {}
}
