package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.EncoderPulls;
import dev.likeness.cli.platform.Platform;
import dev.likeness.embedder.v1.ChosenMember;
import dev.likeness.embedder.v1.CreateEnsembleRequest;
import dev.likeness.embedder.v1.CreateEnsembleResponse;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Joins encoders into one. */
@Command(
    name = "ensemble",
    description = {
      "Join encoders into one whose vector is made of theirs.",
      "Members that are not there yet are pulled. 'resnet50+vit-b16 --projection pca:DIR' projects"
          + " both to 512 values and averages them."
    })
public final class EncodersEnsembleCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final List<String> FUSIONS = List.of("average", "concat");
  private static final List<String> WITHOUT_VECTOR = List.of("scores", "min-max");

  @Parameters(paramLabel = "NAME", description = "Name to give.")
  private String name = "";

  @Option(
      names = "--members",
      paramLabel = "A,B",
      description = "Encoders to join (default: the parts of NAME between its plus signs).")
  private @Nullable String members;

  @Option(
      names = "--fusion",
      paramLabel = "F",
      defaultValue = "average",
      description =
          "average: the mean of the vectors, which must be of one length; concat: the vectors behind"
              + " one another (default ${DEFAULT-VALUE}).")
  private String fusion = "";

  @Option(
      names = "--weights",
      paramLabel = "W,W",
      description = "Shares of the members (default: equal).")
  private @Nullable String weights;

  @Mixin private ProjectionOptions projection = new ProjectionOptions();

  /** The command in its surroundings. */
  public EncodersEnsembleCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    notBlank("NAME", name);
    List<String> names =
        members == null
            ? EncoderNames.of("NAME", name, "+")
            : EncoderNames.of("--members", members, ",");
    List<Double> shares = EncoderNames.weights(weights, names.size());
    if (WITHOUT_VECTOR.contains(fusion)) {
      throw CommandFailure.usage(
          "fused scores are no vector; './likeness compete --encoder %s --fusion min-max' fuses them while searching"
              .formatted(String.join(",", names)));
    }
    oneOf("--fusion", fusion, FUSIONS);
    Path dataset = projection.dataset(this);
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      if (dataset != null) {
        allow(dataset, output);
      }
      List<Encoder> parts = new ArrayList<>();
      for (String member : names) {
        parts.add(present(member, platform, progress));
      }
      if (dataset != null) {
        parts = projected(parts, dataset, platform, output);
      }
      return joined(parts, shares, platform, progress, output);
    }
  }

  /** The encoder; pulled if it is not there. */
  private static Encoder present(String member, Platform platform, Progress progress) {
    try {
      return Platform.within(TIME, platform.embedder())
          .getEncoder(GetEncoderRequest.newBuilder().setName(member).build())
          .getEncoder();
    } catch (StatusRuntimeException failure) {
      if (failure.getStatus().getCode() != Code.NOT_FOUND) {
        throw failure;
      }
    }
    progress.note("'%s' is not there yet and is pulled".formatted(member));
    return new EncoderPulls(platform)
        .run(PullEncoderRequest.newBuilder().setName(member).build(), progress)
        .getEncoder();
  }

  private List<Encoder> projected(
      List<Encoder> plain, Path dataset, Platform platform, Output output) {
    int dimension = projection.dimension(dataset, plain);
    List<Encoder> projected = new ArrayList<>();
    for (Encoder encoder : plain) {
      output.note("projecting %s to %d values".formatted(encoder.getName(), dimension));
      projected.add(
          ProjectionOptions.fit(
              encoder.getName(),
              encoder.getName() + "-pca",
              dataset,
              dimension,
              platform,
              session(),
              output));
    }
    return projected;
  }

  private ObjectNode joined(
      List<Encoder> parts,
      List<Double> shares,
      Platform platform,
      Progress progress,
      Output output) {
    CreateEnsembleRequest.Builder request =
        CreateEnsembleRequest.newBuilder().setName(name).setFusion(fusion);
    for (int i = 0; i < parts.size(); i++) {
      ChosenMember.Builder member =
          ChosenMember.newBuilder()
              .setName(parts.get(i).getName())
              .setVersion(parts.get(i).getVersion());
      if (!shares.isEmpty()) {
        member.setWeight(shares.get(i));
      }
      request.addMembers(member);
    }
    Iterator<CreateEnsembleResponse> messages = platform.embedder().createEnsemble(request.build());
    while (messages.hasNext()) {
      CreateEnsembleResponse message = messages.next();
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
        "ENSEMBLE_INCOMPLETE",
        "joining ended without an encoder; './likeness logs embedder' shows why");
  }
}
