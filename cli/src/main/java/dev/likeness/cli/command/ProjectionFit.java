package dev.likeness.cli.command;

import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.TrainingJobs;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.embedder.v1.LoadEncoderRequest;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingSpec;
import java.nio.file.Path;
import java.time.Duration;

/** Lets the trainer fit projections to encoders, as {@code fit-whitening} does. */
final class ProjectionFit {
  private static final Duration TIME = Duration.ofSeconds(30);

  /** A large encoder is read, hashed, loaded and run. */
  private static final Duration LOAD_TIME = Duration.ofMinutes(5);

  private final Platform platform;
  private final Session session;
  private final Output output;

  ProjectionFit(Platform platform, Session session, Output output) {
    this.platform = platform;
    this.session = session;
    this.output = output;
  }

  /**
   * Fits a projection to an encoder and publishes the projected encoder under another name. The
   * encoder is loaded first: until a new version is, the one before it answers the trainer.
   */
  Encoder run(Encoder plain, String newName, Path dataset, int dimension) {
    var unused =
        Platform.within(LOAD_TIME, platform.embedder())
            .loadEncoder(
                LoadEncoderRequest.newBuilder()
                    .setName(plain.getName())
                    .setVersion(plain.getVersion())
                    .build());
    TrainingSpec spec =
        TrainingSpec.newBuilder()
            .setDatasetPath(dataset.toString())
            .setEncoder(plain.getName())
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
