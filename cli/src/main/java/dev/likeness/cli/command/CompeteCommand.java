package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.CompetitionRuns;
import dev.likeness.cli.platform.Platform;
import dev.likeness.gateway.v1.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A data folder in; a submission, a score, a run record and a report out. */
@Command(
    name = "compete",
    description = "Make a submission, its score where the truth is known, a record and a report.")
public final class CompeteCommand extends LikenessCommand {
  private static final int MAX_TOP_K = 1000;
  private static final Set<String> WAYS_TO_RERANK =
      Set.of("none", "k-reciprocal", "query-expansion");

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Data set: test/query, test/gallery, training.")
  private String data = "";

  @Option(
      names = "--encoder",
      required = true,
      paramLabel = "NAME[,NAME…]",
      description = "Encoder; './likeness encoders list' shows them. With --fusion several.")
  private String encoder = "";

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "10",
      description = "Names per query (default ${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--rerank",
      paramLabel = "WAY",
      defaultValue = "none",
      description =
          "How answers are ranked: none, k-reciprocal or query-expansion (default ${DEFAULT-VALUE}).")
  private String rerank = "";

  @Option(
      names = "--fusion",
      paramLabel = "WAY",
      description =
          "min-max: join the scores of several encoders, each brought to 0 to 1 for each query.")
  private @Nullable String fusion;

  @Option(
      names = "--weights",
      paramLabel = "W,W",
      description = "Shares of the encoders of a fusion (default: equal).")
  private @Nullable String weights;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Labels; by default the truth is looked for in the data set.")
  private @Nullable String labels;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out",
      description = "Where submissions/, results/ and reports/ go (default ./${DEFAULT-VALUE}).")
  private String out = "";

  /** The command in its surroundings. */
  public CompeteCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    between("--top-k", topK, 1, MAX_TOP_K);
    notBlank("--encoder", encoder);
    if (!WAYS_TO_RERANK.contains(rerank)) {
      throw CommandFailure.usage(
          "--rerank must be none, k-reciprocal or query-expansion, not '%s'".formatted(rerank));
    }
    List<Double> shares = shares();
    Path dataset = existingDirectory("--data", data);
    Path labelsFile = labels == null ? null : existingFile("--labels", labels);
    Path outputFolder = path("--out", out);
    if (Files.exists(outputFolder) && !Files.isDirectory(outputFolder)) {
      throw CommandFailure.failed(
          "OUTPUT_NOT_WRITABLE", "--out: '%s' is a file, a directory is needed".formatted(out));
    }
    try (Platform platform = connect()) {
      outputFolder = created(outputFolder);
      allow(dataset, output);
      allow(outputFolder, output);
      RunSpec.Builder spec =
          RunSpec.newBuilder()
              .setDatasetPath(dataset.toString())
              .setEncoder(encoder)
              .setTopK(topK)
              .setRerank(rerank)
              .setFusion(fusion == null ? "" : fusion)
              .addAllWeights(shares)
              .setOutputPath(outputFolder.toString());
      if (labelsFile != null) {
        allow(folderOf(labelsFile), output);
        spec.setLabelsPath(labelsFile.toString());
      }
      CompetitionRuns runs = new CompetitionRuns(platform, session().patience());
      Competition competition = Competition.run(runs, spec.build(), output);
      competition.show(output);
      return competition.toJson();
    }
  }

  /** The weights of a fusion, after a check of the encoders; none without. */
  private List<Double> shares() {
    if (fusion == null) {
      if (encoder.contains(",") || weights != null) {
        throw CommandFailure.usage("several encoders, and weights, need --fusion min-max");
      }
      return List.of();
    }
    oneOf("--fusion", fusion, List.of("min-max"));
    if (!rerank.equals("none")) {
      throw CommandFailure.usage("--rerank and --fusion do not go together; leave one out");
    }
    return EncoderNames.weights(weights, EncoderNames.of("--encoder", encoder, ",").size());
  }

  private Path created(Path folder) {
    try {
      return Files.createDirectories(folder).toRealPath();
    } catch (IOException e) {
      throw CommandFailure.failed(
          "OUTPUT_NOT_WRITABLE",
          "--out: the directory '%s' cannot be made; give one that you may write to".formatted(out),
          e);
    }
  }
}
