package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.EncoderPulls;
import dev.likeness.cli.platform.Platform;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.PullEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes published weights into the model store as an encoder. */
@Command(
    name = "pull",
    description = {
      "Fetch the published weights of an encoder and make it ready to use.",
      "With --projection pca:DIR the trainer then fits PCA whitening to the images of DIR/training"
          + " and publishes the encoder with the projection inside its graph, beside the plain one."
    })
public final class EncodersPullCommand extends LikenessCommand {
  private static final List<String> POOLINGS = List.of("none", "gap", "gem", "cls");

  @Parameters(
      paramLabel = "NAME",
      description = "Published encoder; './likeness encoders list --published' shows them.")
  private String name = "";

  @Option(
      names = "--from",
      paramLabel = "FILE|URL",
      description = "Weights to take instead of the published ones: safetensors or torch.")
  private @Nullable String from;

  @Option(
      names = "--name",
      paramLabel = "PACKAGE",
      defaultValue = "",
      description = "Name to give (default: NAME; with a projection NAME-pca).")
  private String packageName = "";

  @Option(
      names = "--pooling",
      paramLabel = "P",
      description = "none, gap, gem or cls (default: the encoder's usual one).")
  private @Nullable String pooling;

  @Option(
      names = "--flip",
      description = "Average the vectors of the image and of its mirror image; twice the time.")
  private boolean flip;

  @Mixin private ProjectionOptions projection = new ProjectionOptions();

  /** The command in its surroundings. */
  public EncodersPullCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    PullEncoderRequest.Builder request =
        PullEncoderRequest.newBuilder()
            .setName(notBlank("NAME", name))
            .setMirrorAverage(flip)
            .setPooling(pooling == null ? "" : oneOf("--pooling", pooling, POOLINGS));
    Path file = source(request);
    Path dataset = projection.dataset(this);
    if (dataset == null) {
      request.setPackageName(packageName);
    } else if (packageName.equals(name)) {
      throw CommandFailure.usage(
          "--name must not be '%s': with a projection the plain encoder gets that name"
              .formatted(name));
    }
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      if (file != null) {
        allow(folderOf(file), output);
      }
      if (dataset != null) {
        allow(dataset, output);
      }
      PullEncoderResponse pulled = new EncoderPulls(platform).run(request.build(), progress);
      return dataset == null
          ? shown(pulled.getEncoder(), pulled.getAlreadyThere(), output)
          : shown(projected(pulled.getEncoder(), dataset, platform, output), false, output);
    }
  }

  private Encoder projected(Encoder plain, Path dataset, Platform platform, Output output) {
    String newName = packageName.isEmpty() ? name + "-pca" : packageName;
    int dimension = projection.dimension(dataset, List.of(plain));
    return ProjectionOptions.fit(
        plain.getName(), newName, dataset, dimension, platform, session(), output);
  }

  private static ObjectNode shown(Encoder encoder, boolean alreadyThere, Output output) {
    EncoderText.show(encoder, output);
    ObjectNode json = EncoderText.json(encoder);
    json.put("already_there", alreadyThere);
    return json;
  }

  /** Sets where the weights come from; gives the file, if it is one. */
  private @Nullable Path source(PullEncoderRequest.Builder request) throws IOException {
    if (from == null) {
      return null;
    }
    String lower = from.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      request.setUrl(from);
      return null;
    }
    if (lower.matches("[a-z][a-z0-9+.-]*://.*")) {
      throw CommandFailure.usage(
          "--from takes a file, or an address that begins with http:// or https://, not '%s'"
              .formatted(from));
    }
    Path file = existingFile("--from", from);
    request.setFilePath(file.toString());
    return file;
  }
}
