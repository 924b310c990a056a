package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.Platform;
import dev.likeness.embedder.v1.DownloadProgress;
import dev.likeness.embedder.v1.PullEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes published weights into the model store as an encoder. */
@Command(
    name = "pull",
    description = "Fetch the published weights of an encoder and make it ready to use.")
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
      description = "Name to give (default: NAME).")
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

  /** The command in its surroundings. */
  public EncodersPullCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    PullEncoderRequest.Builder request =
        PullEncoderRequest.newBuilder()
            .setName(notBlank("NAME", name))
            .setPackageName(packageName)
            .setMirrorAverage(flip)
            .setPooling(pooling == null ? "" : oneOf("--pooling", pooling, POOLINGS));
    Path file = source(request);
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      if (file != null) {
        allow(folderOf(file), output);
      }
      return follow(platform.embedder().pullEncoder(request.build()), progress, output);
    }
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

  private ObjectNode follow(
      Iterator<PullEncoderResponse> messages, Progress progress, Output output) {
    while (messages.hasNext()) {
      PullEncoderResponse message = messages.next();
      if (message.hasDownload()) {
        show(message.getDownload(), progress);
      }
      if (!message.getMessage().isEmpty()) {
        progress.note(message.getMessage());
      }
      if (message.hasEncoder()) {
        progress.close();
        EncoderText.show(message.getEncoder(), output);
        ObjectNode json = EncoderText.json(message.getEncoder());
        json.put("already_there", message.getAlreadyThere());
        return json;
      }
    }
    throw CommandFailure.failed(
        "PULL_INCOMPLETE",
        "the pull ended without an encoder; './likeness logs embedder' shows why");
  }

  private void show(DownloadProgress download, Progress progress) {
    progress.showBytes(
        "fetching " + name,
        download.getReceivedBytes(),
        download.hasTotalBytes() ? download.getTotalBytes() : 0);
  }
}
