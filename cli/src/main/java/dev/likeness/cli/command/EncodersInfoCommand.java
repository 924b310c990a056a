package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.GetEncoderRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** All that is known of an encoder. */
@Command(name = "info", description = "Show all that is known of an encoder.")
public final class EncodersInfoCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofSeconds(30);

  @Parameters(paramLabel = "NAME", description = "Encoder.")
  private String name = "";

  @Option(names = "--version", paramLabel = "N", description = "Version (default: the newest).")
  private @Nullable Integer version;

  /** The command in its surroundings. */
  public EncodersInfoCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    GetEncoderRequest.Builder request =
        GetEncoderRequest.newBuilder().setName(notBlank("NAME", name));
    if (version != null) {
      request.setVersion(between("--version", version, 1, Integer.MAX_VALUE));
    }
    try (Platform platform = connect()) {
      Encoder encoder =
          Platform.within(TIME, platform.embedder()).getEncoder(request.build()).getEncoder();
      EncoderText.show(encoder, output);
      return EncoderText.json(encoder);
    }
  }
}
