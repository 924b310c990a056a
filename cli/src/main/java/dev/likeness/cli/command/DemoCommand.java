package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.JobText;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.CompetitionRuns;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.embedder.v1.RemoveEncoderRequest;
import dev.likeness.embedder.v1.RemoveEncoderResponse;
import dev.likeness.evaluation.sample.SampleDataset;
import dev.likeness.evaluation.sample.SampleOptions;
import dev.likeness.evaluation.sample.Style;
import dev.likeness.evaluation.sample.SubjectKind;
import dev.likeness.gateway.v1.RunSpec;
import dev.likeness.trainer.v1.FineTuneMethod;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingSpec;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The whole job on drawn images: a competition with the built-in encoder as it comes, a short
 * fine-tuning of it, and the same competition with what came of that. The images are photos and
 * pencil drawings of animals: neither animals nor pencil drawings were among the images that the
 * built-in encoder learned from, and queries and gallery show animals that no training image shows.
 */
@Command(
    name = "demo",
    hidden = true,
    description = "The whole job on images that it draws itself: score, train, score.")
public final class DemoCommand extends LikenessCommand {
  private static final String ENCODER = "likeness-mini";
  private static final String TUNED = "likeness-mini-demo";
  private static final Duration TIME = Duration.ofMinutes(1);
  private static final int TOP_K = 10;
  private static final int EPOCHS = 20;
  private static final double BACKBONE_SHARE = 0.05;

  private static final int IDENTITIES = 64;
  private static final int TRAINING_IMAGES = 8;
  private static final int QUERIES = 192;
  private static final int GALLERY = 640;

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

      output.note("2/4 Competing with " + ENCODER + " as it is built in.");
      Competition before = Competition.run(runs, spec(dataset, out, ENCODER), output);
      output.note("3/4 Training it on the training images, as a job.");
      TrainingJob job = train(platform, dataset, output);
      JobText.end(job).forEach(output::note);
      output.note("4/4 Competing with %s.".formatted(TUNED));
      Competition after = Competition.run(runs, spec(dataset, out, TUNED), output);

      Comparison comparison = new Comparison(before, after);
      comparison.show(output);
      return comparison.toJson().put("seed", seed).put("job_id", job.getId());
    }
  }

  /**
   * Draws beside the target and renames, so that an interrupted demo leaves no half of a data set.
   */
  private Path draw(Path folder, Output output) throws IOException {
    SampleOptions options = options();
    Path dataset = folder.resolve("animals-" + seed);
    if (Files.isDirectory(dataset)) {
      output.note("1/4 The images are drawn already: " + dataset);
      return dataset;
    }
    output.note("1/4 Drawing " + SampleCommand.describe(options) + " in " + dataset);
    Path unfinished = Files.createTempDirectory(folder, "drawing-");
    try (Progress progress = new Progress(output)) {
      SampleDataset.draw(
          unfinished, options, drawn -> progress.show("drawing", drawn, options.images()));
    }
    return Files.move(unfinished, dataset);
  }

  private SampleOptions options() {
    return new SampleOptions(
            IDENTITIES,
            TRAINING_IMAGES,
            QUERIES,
            GALLERY,
            SampleOptions.DEFAULT.pixels(),
            seed,
            List.of(SubjectKind.CREATURES),
            List.of(Style.PHOTO, Style.PENCIL))
        .withStrangers();
  }

  /** What an earlier demo made would go on serving: it was made from other images. */
  private static void removeEarlier(Platform platform) {
    try {
      RemoveEncoderResponse unused =
          Platform.within(TIME, platform.embedder())
              .removeEncoder(RemoveEncoderRequest.newBuilder().setName(TUNED).build());
    } catch (StatusRuntimeException failure) {
      if (failure.getStatus().getCode() != Status.Code.NOT_FOUND) {
        throw failure;
      }
    }
  }

  private TrainingJob train(Platform platform, Path dataset, Output output) {
    removeEarlier(platform);
    TrainingSpec spec =
        TrainingSpec.newBuilder()
            .setDatasetPath(dataset.toString())
            .setEncoder(ENCODER)
            .setOutputEncoder(TUNED)
            .setSeed(seed)
            .setFineTune(
                FineTuneMethod.newBuilder()
                    .setTrain("all")
                    .setEpochs(EPOCHS)
                    .setBackboneShare(BACKBONE_SHARE))
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
}
