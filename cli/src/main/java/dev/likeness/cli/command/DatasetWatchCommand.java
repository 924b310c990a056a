package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Duration;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.PolicyText;
import dev.likeness.cli.platform.Platform;
import dev.likeness.trainer.v1.PcaWhiteningMethod;
import dev.likeness.trainer.v1.SetTrainingPolicyRequest;
import dev.likeness.trainer.v1.TrainingPolicy;
import dev.likeness.trainer.v1.TrainingSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets a data set start training jobs by itself. */
@Command(
    name = "watch",
    description = "Train again whenever so many images of a data set have changed.")
public final class DatasetWatchCommand extends LikenessCommand {
  private static final java.time.Duration TIME = java.time.Duration.ofMinutes(2);

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "Data set.")
  private String data = "";

  @Option(names = "--encoder", required = true, paramLabel = "NAME", description = "Encoder.")
  private String encoder = "";

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "Name of the trained encoder (default: the old name, next version).")
  private @Nullable String newName;

  @Option(
      names = "--min-new-images",
      paramLabel = "N",
      description = "Images new, gone, replaced or moved that start the next job (default 50).")
  private @Nullable Integer minNewImages;

  @Option(
      names = "--cool-down",
      paramLabel = "TIME",
      description = "Shortest time between two jobs, such as 90s, 30m or 1h (default 1h).")
  private @Nullable String coolDown;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Seed of everything random (default 0).")
  private long seed;

  @Option(names = "--whitening", description = "Fit a PCA whitening instead of fine-tuning.")
  private boolean whitening;

  @Mixin private FineTuneOptions options = new FineTuneOptions();

  /** The command in its surroundings. */
  public DatasetWatchCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path dataset = existingDirectory("--data", data);
    TrainingSpec.Builder spec =
        TrainingSpec.newBuilder()
            .setDatasetPath(dataset.toString())
            .setEncoder(notBlank("--encoder", encoder))
            .setOutputEncoder(newName == null ? encoder : notBlank("--as", newName))
            .setSeed(seed);
    if (whitening) {
      spec.setPcaWhitening(PcaWhiteningMethod.getDefaultInstance());
    } else {
      spec.setFineTune(options.method());
    }
    SetTrainingPolicyRequest.Builder request = SetTrainingPolicyRequest.newBuilder().setSpec(spec);
    if (minNewImages != null) {
      request.setMinNewImages(between("--min-new-images", minNewImages, 1, Integer.MAX_VALUE));
    }
    if (coolDown != null) {
      request.setCoolDown(duration(coolDown));
    }
    try (Platform platform = connect()) {
      allow(dataset, output);
      TrainingPolicy policy =
          Platform.within(TIME, platform.datasets()).setTrainingPolicy(request.build()).getPolicy();
      output.result(PolicyText.sentence(policy));
      output.note("Say when images have changed: ./likeness dataset changed --data " + dataset);
      return PolicyText.json(policy);
    }
  }

  private static Duration duration(String given) {
    if (!given.matches("[0-9]{1,6}[smh]")) {
      throw CommandFailure.usage(
          "--cool-down must be a time such as 90s, 30m or 1h, not '" + given + "'");
    }
    long number = Long.parseLong(given.substring(0, given.length() - 1));
    return Duration.newBuilder()
        .setSeconds(
            switch (given.charAt(given.length() - 1)) {
              case 'h' -> number * 3600;
              case 'm' -> number * 60;
              default -> number;
            })
        .build();
  }
}
