package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Figures;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.CompetitionRuns;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.sample.SampleDataset;
import dev.likeness.evaluation.sample.SampleOptions;
import dev.likeness.gateway.v1.RunSpec;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The whole job on drawn images: a competition with the built-in encoder, a projection fitted to
 * the training images, and the same competition with that.
 */
@Command(
    name = "demo",
    hidden = true,
    description = "The whole job on images that it draws itself.")
public final class DemoCommand extends LikenessCommand {
  private static final String ENCODER = "likeness-mini";
  private static final String WHITENED = "likeness-mini-white";
  private static final Duration TIME = Duration.ofMinutes(1);
  private static final int TOP_K = 10;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the drawn images.")
  private long seed = SampleOptions.DEFAULT.seed();

  /** The command in its surroundings. */
  public DemoCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    try (Platform platform = connect()) {
      CompetitionRuns runs = new CompetitionRuns(platform, session().patience());
      Path folder = Files.createDirectories(session().home().resolve("demo")).toRealPath();
      Path dataset = draw(folder, output);
      Path out = Files.createDirectories(folder.resolve("out"));
      allow(dataset, output);
      allow(out, output);
      String label = ENCODER + (isUntrained(platform) ? " (untrained)" : "");

      output.note("2/4 Competing with " + label + ".");
      Competition before = Competition.run(runs, spec(dataset, out, ENCODER), output);
      output.note("3/4 Fitting a PCA-whitening projection on the training images.");
      TrainingJob job = fit(platform, dataset, output);
      output.note(
          "4/4 Competing with %s, version %d.".formatted(WHITENED, job.getPublishedVersion()));
      Competition after = Competition.run(runs, spec(dataset, out, WHITENED), output);

      show(label, before, after, output);
      return json(before, after);
    }
  }

  /**
   * Draws beside the target and renames, so that an interrupted demo leaves no half of a data set.
   */
  private Path draw(Path folder, Output output) throws IOException {
    SampleOptions options = SampleCommand.withSeed(seed);
    Path dataset = folder.resolve("data-" + seed);
    if (Files.isDirectory(dataset)) {
      output.note("1/4 The images are drawn already: " + dataset);
      return dataset;
    }
    output.note("1/4 Drawing " + SampleCommand.describe(options) + " in " + dataset);
    Path unfinished = Files.createTempDirectory(folder, "drawing-");
    SampleDataset.draw(unfinished, options);
    return Files.move(unfinished, dataset);
  }

  private static boolean isUntrained(Platform platform) {
    Encoder encoder =
        Platform.within(TIME, platform.embedder())
            .getEncoder(GetEncoderRequest.newBuilder().setName(ENCODER).build())
            .getEncoder();
    return encoder.hasTrained() && !encoder.getTrained();
  }

  private TrainingJob fit(Platform platform, Path dataset, Output output) {
    TrainingSpec spec =
        TrainingSpec.newBuilder()
            .setDatasetPath(dataset.toString())
            .setEncoder(ENCODER)
            .setOutputEncoder(WHITENED)
            .setPcaWhitening(PcaWhiteningMethod.getDefaultInstance())
            .build();
    try (Progress progress = new Progress(output)) {
      return new TrainingJobs(platform, session().patience()).run(spec, progress);
    }
  }

  private static RunSpec spec(Path dataset, Path out, String encoder) {
    return RunSpec.newBuilder()
        .setDatasetPath(dataset.toString())
        .setEncoder(encoder)
        .setTopK(TOP_K)
        .setOutputPath(out.toString())
        .build();
  }

  private static void show(String label, Competition before, Competition after, Output output) {
    int width = Math.max(label.length(), WHITENED.length());
    output.result("");
    output.result(Figures.heading(width));
    output.result(before.figures().row(width, label));
    output.result(after.figures().row(width, WHITENED));
    Double gain = gain(before, after);
    output.result(
        gain == null
            ? "Gain: unknown"
            : String.format(Locale.ROOT, "Gain: %+.0f points of 1000", gain));
    output.result("Reports: " + before.run().getResult().getReportPath());
    output.result("         " + after.run().getResult().getReportPath());
  }

  private static ObjectNode json(Competition before, Competition after) {
    ObjectNode json = JsonDocument.object();
    json.putArray("runs").add(before.toJson()).add(after.toJson());
    json.put("gain", gain(before, after));
    return json;
  }

  private static @org.jspecify.annotations.Nullable Double gain(
      Competition before, Competition after) {
    Double first = before.figures().score();
    Double second = after.figures().score();
    return first == null || second == null ? null : second - first;
  }
}
