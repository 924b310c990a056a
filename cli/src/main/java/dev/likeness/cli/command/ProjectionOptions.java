package dev.likeness.cli.command;

import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The projection that is asked for with {@code --projection}: the trainer fits it, as for {@code
 * fit-whitening}.
 */
final class ProjectionOptions {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final String NONE = "none";
  private static final String PCA = "pca:";
  private static final int USUAL_DIMENSION = 512;
  private static final int MAX_DIMENSION = 4096;

  @Option(
      names = "--projection",
      paramLabel = "none|pca:DIR",
      defaultValue = NONE,
      description = "PCA whitening fitted to the training images of a data set (default none).")
  private String projection = NONE;

  @Option(
      names = "--projection-dimension",
      paramLabel = "D",
      description =
          "Length of the projected vectors (default 512, or what encoder and images allow).")
  private @Nullable Integer dimension;

  /** The data set to fit to; null if no projection is asked for. */
  @Nullable Path dataset(LikenessCommand command) throws IOException {
    if (dimension != null) {
      LikenessCommand.between("--projection-dimension", dimension, 1, MAX_DIMENSION);
    }
    if (projection.equals(NONE)) {
      if (dimension != null) {
        throw CommandFailure.usage("--projection-dimension needs --projection pca:DIR");
      }
      return null;
    }
    if (!projection.startsWith(PCA)) {
      throw CommandFailure.usage(
          "--projection must be none or pca:DIR, not '%s'".formatted(projection));
    }
    return command.existingDirectory("--projection", projection.substring(PCA.length()));
  }

  /** The length that several encoders can be projected to: as long as the shortest allows. */
  int dimension(Path dataset, Iterable<Encoder> encoders) {
    if (dimension != null) {
      return dimension;
    }
    int longest = Math.min(USUAL_DIMENSION, DatasetLayout.readTraining(dataset).size() - 1);
    for (Encoder encoder : encoders) {
      longest = Math.min(longest, encoder.getDimension());
    }
    return Math.max(1, longest);
  }

  /** Fits a projection to an encoder and publishes the projected encoder under another name. */
  static Encoder fit(
      String encoder,
      String newName,
      Path dataset,
      int dimension,
      Platform platform,
      Session session,
      Output output) {
    TrainingSpec spec =
        TrainingSpec.newBuilder()
            .setDatasetPath(dataset.toString())
            .setEncoder(encoder)
            .setOutputEncoder(newName)
            .setPcaWhitening(PcaWhiteningMethod.newBuilder().setDimension(dimension))
            .build();
    try (Progress progress = new Progress(output)) {
      TrainingJob job = new TrainingJobs(platform, session.patience()).run(spec, progress);
      job.getNotesList().forEach(note -> output.note("Note: " + note));
      return Platform.within(TIME, platform.embedder())
          .getEncoder(
              GetEncoderRequest.newBuilder()
                  .setName(newName)
                  .setVersion(job.getPublishedVersion())
                  .build())
          .getEncoder();
    }
  }
}
