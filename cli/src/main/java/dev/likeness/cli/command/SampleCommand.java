package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.sample.SampleDataset;
import dev.likeness.evaluation.sample.SampleOptions;
import dev.likeness.evaluation.sample.Style;
import dev.likeness.evaluation.sample.SubjectKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  @Option(
      names = "--identities",
      paramLabel = "N",
      description = "Classes (default: ${DEFAULT-VALUE}).")
  private int identities = SampleOptions.DEFAULT.identities();

  @Option(
      names = "--training",
      paramLabel = "N",
      description = "Training images of each class (default: ${DEFAULT-VALUE}).")
  private int training = SampleOptions.DEFAULT.trainingPerIdentity();

  @Option(
      names = "--queries",
      paramLabel = "N",
      description = "Query images (default: ${DEFAULT-VALUE}).")
  private int queries = SampleOptions.DEFAULT.queries();

  @Option(
      names = "--gallery",
      paramLabel = "N",
      description = "Gallery images (default: ${DEFAULT-VALUE}).")
  private int gallery = SampleOptions.DEFAULT.gallery();

  @Option(
      names = "--pixels",
      paramLabel = "N",
      description = "Width and height of the images (default: ${DEFAULT-VALUE}).")
  private int pixels = SampleOptions.DEFAULT.pixels();

  @Option(
      names = "--kinds",
      paramLabel = "KIND",
      split = ",",
      description = "What is drawn: ${COMPLETION-CANDIDATES} (default: people).")
  private List<SubjectKind> kinds = SampleOptions.DEFAULT.kinds();

  @Option(
      names = "--styles",
      paramLabel = "STYLE",
      split = ",",
      description =
          "How: ${COMPLETION-CANDIDATES}; queries are of the first (default: photo,drawing).")
  private List<Style> styles = SampleOptions.DEFAULT.styles();

  @Option(
      names = "--strangers",
      description = "Queries and gallery show identities that no training image shows.")
  private boolean strangers;

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
    SampleOptions options = options();
    try (Progress progress = new Progress(output)) {
      SampleDataset.draw(
          target, options, drawn -> progress.show("drawing", drawn, options.images()));
    }
    output.result("Drew " + describe(options) + " in " + target);
    return JsonDocument.object().put("directory", target.toString()).put("seed", seed);
  }

  private SampleOptions options() {
    try {
      return new SampleOptions(
          identities, training, queries, gallery, pixels, seed, kinds, styles, strangers);
    } catch (IllegalArgumentException wrong) {
      throw CommandFailure.usage(String.valueOf(wrong.getMessage()));
    }
  }

  static String describe(SampleOptions options) {
    return "%d query, %d gallery and %d training images of %d identities%s"
        .formatted(
            options.queries(),
            options.gallery(),
            options.identities() * options.trainingPerIdentity(),
            options.identities(),
            options.strangers() ? " each, none of them in both" : "");
  }
}
