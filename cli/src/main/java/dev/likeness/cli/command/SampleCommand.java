package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.sample.SampleDataset;
import dev.likeness.evaluation.sample.SampleOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws a data set. */
@Command(name = "sample", hidden = true, description = "Draw a data set.")
public final class SampleCommand extends LikenessCommand {
  @Parameters(paramLabel = "DIR", description = "Directory that does not exist yet.")
  private String directory = "";

  @Option(names = "--seed", paramLabel = "N", description = "The same seed draws the same files.")
  private long seed = SampleOptions.DEFAULT.seed();

  /** The command in its surroundings. */
  public SampleCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path target = path("DIR", directory);
    if (Files.exists(target)) {
      throw CommandFailure.failed(
          "DIRECTORY_EXISTS", "'%s' exists; give a directory to be made".formatted(directory));
    }
    SampleOptions options = withSeed(seed);
    SampleDataset.draw(target, options);
    output.result("Drew " + describe(options) + " in " + target);
    return JsonDocument.object().put("directory", target.toString()).put("seed", seed);
  }

  static SampleOptions withSeed(long seed) {
    SampleOptions usual = SampleOptions.DEFAULT;
    return new SampleOptions(
        usual.identities(),
        usual.trainingPerIdentity(),
        usual.queries(),
        usual.gallery(),
        usual.pixels(),
        seed);
  }

  static String describe(SampleOptions options) {
    return "%d query, %d gallery and %d training images of %d identities"
        .formatted(
            options.queries(),
            options.gallery(),
            options.identities() * options.trainingPerIdentity(),
            options.identities());
  }
}
