package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.embedder.v1.VerifyEncoderRequest;
import dev.likeness.embedder.v1.VerifyEncoderResponse;
import dev.likeness.evaluation.file.JsonDocument;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Recomputes the golden vector and the checksums of an encoder. */
@Command(
    name = "verify",
    description = "Recompute the golden vector and the checksums of an encoder.")
public final class EncodersVerifyCommand extends LikenessCommand {
  /** A large model is read, hashed, loaded and run. */
  private static final Duration TIME = Duration.ofMinutes(5);

  @Parameters(paramLabel = "NAME", description = "Encoder.")
  private String name = "";

  @Option(names = "--version", paramLabel = "N", description = "Version (default: the newest).")
  private @Nullable Integer version;

  /** The command in its surroundings. */
  public EncodersVerifyCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    VerifyEncoderRequest.Builder request =
        VerifyEncoderRequest.newBuilder().setName(notBlank("NAME", name));
    if (version != null) {
      request.setVersion(between("--version", version, 1, Integer.MAX_VALUE));
    }
    try (Platform platform = connect()) {
      return show(
          Platform.within(TIME, platform.embedder()).verifyEncoder(request.build()), output);
    }
  }

  private ObjectNode show(VerifyEncoderResponse found, Output output) {
    Double cosine = found.hasGoldenCosine() ? found.getGoldenCosine() : null;
    Double difference = found.hasGoldenMaxDifference() ? found.getGoldenMaxDifference() : null;
    ObjectNode json = JsonDocument.object();
    json.put("encoder", name);
    json.put("passed", found.getPassed());
    json.put("checksum_matches", found.getChecksumMatches());
    json.put("golden_cosine", cosine);
    json.put("golden_max_difference", difference);
    json.put("failure_reason", found.getPassed() ? null : found.getFailureReason());
    output.result("Checksums:     " + (found.getChecksumMatches() ? "match" : "do not match"));
    output.result(
        "Golden vector: "
            + (cosine == null ? "could not be computed" : "cosine %.8f".formatted(cosine))
            + (difference == null ? "" : ", largest difference %.2e".formatted(difference)));
    Double speed = found.hasImagesPerSecond() ? found.getImagesPerSecond() : null;
    json.put("images_per_second", speed);
    output.result("Speed:         " + EncoderText.speed(speed));
    if (!found.getPassed()) {
      throw CommandFailure.partly(
          "VERIFICATION_FAILED",
          "encoder '%s' is not what was published: %s".formatted(name, found.getFailureReason()),
          json);
    }
    output.result("Passed.");
    return json;
  }
}
