package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.embedder.v1.QuantizationFidelity;
import dev.likeness.embedder.v1.QuantizeEncoderRequest;
import dev.likeness.embedder.v1.QuantizeEncoderResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an encoder that computes in 8-bit integers. */
@Command(
    name = "quantize",
    description = "Make an encoder that computes in 8-bit integers out of a float32 one.")
public final class EncodersQuantizeCommand extends LikenessCommand {
  private static final int LEAST_IMAGES = 8;
  private static final int MOST_IMAGES = 4096;

  @Parameters(paramLabel = "NAME", description = "Encoder.")
  private String name = "";

  @Option(
      names = "--images",
      required = true,
      paramLabel = "DIR",
      description = "Images of the kind that it will see, in DIR and below.")
  private String images = "";

  @Option(
      names = "--as",
      paramLabel = "PACKAGE",
      defaultValue = "",
      description = "Name of the new encoder (default: NAME and -int8).")
  private String packageName = "";

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "128",
      description = "Use at most so many of the images (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--force",
      description = "Publish even if the vectors are far from the float32 ones.")
  private boolean force;

  /** The command in its surroundings. */
  public EncodersQuantizeCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path folder = existingDirectory("--images", images);
    QuantizeEncoderRequest request =
        QuantizeEncoderRequest.newBuilder()
            .setName(notBlank("NAME", name))
            .setImagesPath(folder.toString())
            .setPackageName(packageName)
            .setImageCount(between("--count", count, LEAST_IMAGES, MOST_IMAGES))
            .setForce(force)
            .build();
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      allow(folder, output);
      return follow(platform.embedder().quantizeEncoder(request), progress, output);
    }
  }

  private static ObjectNode follow(
      Iterator<QuantizeEncoderResponse> messages, Progress progress, Output output) {
    while (messages.hasNext()) {
      QuantizeEncoderResponse message = messages.next();
      if (message.hasImagesDone()) {
        progress.show("running images", message.getImagesDone(), message.getImagesTotal());
      }
      if (!message.getMessage().isEmpty()) {
        progress.note(message.getMessage());
      }
      if (message.hasEncoder()) {
        progress.close();
        EncoderText.show(message.getEncoder(), output);
        ObjectNode json = EncoderText.json(message.getEncoder());
        json.set("fidelity", fidelity(message.getFidelity(), json.objectNode()));
        return json;
      }
    }
    throw CommandFailure.failed(
        "QUANTIZATION_INCOMPLETE",
        "the quantisation ended without an encoder; './likeness logs embedder' shows why");
  }

  private static ObjectNode fidelity(QuantizationFidelity fidelity, ObjectNode json) {
    json.put("mean_cosine", fidelity.getMeanCosine());
    json.put("min_cosine", fidelity.getMinCosine());
    json.put("images", fidelity.getImageCount());
    return json;
  }
}
