package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.embedder.v1.ImportEncoderRequest;
import dev.likeness.embedder.v1.ImportEncoderResponse;
import dev.likeness.embedder.v1.Preprocessing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes an encoder of an ONNX file. */
@Command(name = "import", description = "Make an encoder of an ONNX file.")
public final class EncodersImportCommand extends LikenessCommand {
  private static final int MAX_PIXELS = 4096;
  private static final int CHANNELS = 3;
  private static final List<String> FILTERS = List.of("bilinear", "bicubic");
  private static final List<String> ORIENTATIONS = List.of("stored", "exif");
  private static final List<String> POOLINGS = List.of("none", "gap", "gem", "cls");

  @Parameters(
      paramLabel = "FILE.onnx",
      description = "Its .onnx.data lies beside it, if it has one.")
  private String file = "";

  @Option(names = "--name", required = true, paramLabel = "N", description = "Name to give.")
  private String name = "";

  @Option(
      names = "--resize",
      paramLabel = "PIXELS",
      description = "Shorter side after resizing (default: --size).")
  private @Nullable Integer resize;

  @Option(
      names = "--size",
      required = true,
      paramLabel = "PIXELS",
      description = "Side of the centre crop: the input size of the network.")
  private int size;

  @Option(
      names = "--filter",
      paramLabel = "F",
      defaultValue = "bilinear",
      description = "bilinear or bicubic (default ${DEFAULT-VALUE}).")
  private String filter = "";

  @Option(
      names = "--mean",
      required = true,
      paramLabel = "R,G,B",
      description = "Mean per channel on the scale 0 to 1.")
  private String mean = "";

  @Option(
      names = "--std",
      required = true,
      paramLabel = "R,G,B",
      description = "Standard deviation per channel on the scale 0 to 1.")
  private String std = "";

  @Option(
      names = "--orientation",
      paramLabel = "O",
      defaultValue = "stored",
      description =
          "stored: pixels as they lie in the file; exif: as the camera was held (default"
              + " ${DEFAULT-VALUE}).")
  private String orientation = "";

  @Option(
      names = "--output",
      paramLabel = "TENSOR",
      defaultValue = "",
      description = "Tensor that is the vector; 'before-head' for the input of the last layer.")
  private String tensor = "";

  @Option(
      names = "--pooling",
      paramLabel = "P",
      defaultValue = "none",
      description = "none, gap, gem or cls (default ${DEFAULT-VALUE}).")
  private String pooling = "";

  /** The command in its surroundings. */
  public EncodersImportCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    ImportEncoderRequest.Builder request =
        ImportEncoderRequest.newBuilder()
            .setName(notBlank("--name", name))
            .setPreprocessing(preprocessing())
            .setOutput(tensor)
            .setPooling(oneOf("--pooling", pooling, POOLINGS));
    Path model = existingFile("FILE.onnx", file);
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      allow(folderOf(model), output);
      ImportEncoderResponse last =
          published(
              platform.embedder().importEncoder(request.setModelPath(model.toString()).build()),
              progress);
      progress.close();
      EncoderText.show(last.getEncoder(), output);
      ObjectNode json = EncoderText.json(last.getEncoder());
      json.put("already_there", last.getAlreadyThere());
      return json;
    }
  }

  /** The last message, which carries the encoder. */
  private static ImportEncoderResponse published(
      Iterator<ImportEncoderResponse> messages, Progress progress) {
    ImportEncoderResponse last = null;
    while (messages.hasNext()) {
      ImportEncoderResponse message = messages.next();
      if (!message.getMessage().isEmpty()) {
        progress.note(message.getMessage());
      }
      if (message.hasEncoder()) {
        last = message;
      }
    }
    if (last == null) {
      throw CommandFailure.failed(
          "IMPORT_INCOMPLETE",
          "the import ended without an encoder; './likeness logs embedder' shows why");
    }
    return last;
  }

  private Preprocessing preprocessing() {
    int crop = between("--size", size, 1, MAX_PIXELS);
    int shorterSide = resize == null ? crop : between("--resize", resize, crop, MAX_PIXELS);
    Preprocessing.Builder preprocessing =
        Preprocessing.newBuilder()
            .setResizeShorterSide(shorterSide)
            .setCropSize(crop)
            .setFilter(oneOf("--filter", filter, FILTERS))
            .setOrientation(oneOf("--orientation", orientation, ORIENTATIONS))
            .addAllMean(channels("--mean", mean));
    for (float deviation : channels("--std", std)) {
      if (deviation <= 0) {
        throw CommandFailure.usage("--std must be positive, not '" + std + "'");
      }
      preprocessing.addStd(deviation);
    }
    return preprocessing.build();
  }

  private static List<Float> channels(String option, String text) {
    List<Float> values = new ArrayList<>();
    try {
      for (String part : text.split(",", -1)) {
        values.add(Float.parseFloat(part.strip()));
      }
    } catch (NumberFormatException _) {
      values.clear();
    }
    if (values.size() != CHANNELS || !values.stream().allMatch(Float::isFinite)) {
      throw CommandFailure.usage(
          "%s must be three numbers such as 0.485,0.456,0.406, not '%s'".formatted(option, text));
    }
    return values;
  }
}
