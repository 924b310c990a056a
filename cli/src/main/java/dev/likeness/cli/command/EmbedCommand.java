package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.output.Progress;
import dev.likeness.cli.platform.ImageStream;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.RpcFailure;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.Embedding;
import dev.likeness.evaluation.file.JsonDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Image files in, vectors out. */
@Command(name = "embed", description = "Print the vectors of images.")
public final class EmbedCommand extends LikenessCommand {
  private static final int SHOWN_VALUES = 4;

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "Image files.")
  private List<String> images = new ArrayList<>();

  @Option(names = "--encoder", required = true, paramLabel = "NAME", description = "Encoder.")
  private String encoder = "";

  /** The command in its surroundings. */
  public EmbedCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    notBlank("--encoder", encoder);
    List<String> names = List.copyOf(new LinkedHashSet<>(images));
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      files.add(existingFile("IMAGE", name));
    }
    Outcomes outcomes = new Outcomes(names);
    try (Platform platform = connect();
        Progress progress = new Progress(output)) {
      new ImageStream(platform)
          .embed(
              encoder,
              files,
              outcome -> {
                outcomes.add(outcome);
                progress.show("images", outcomes.count, names.size());
              });
    }
    for (String line : outcomes.lines) {
      output.result(line);
    }
    return outcomes.result(encoder);
  }

  /** Collects what became of each image. */
  private static final class Outcomes {
    private final List<String> names;
    private final ObjectNode vectors = JsonDocument.object();
    private final ObjectNode failures = JsonDocument.object();
    private final List<String> lines = new ArrayList<>();
    private int count;
    private int dimension;

    Outcomes(List<String> names) {
      this.names = names;
    }

    void add(EmbedImagesResponse outcome) {
      String name = names.get(Integer.parseInt(outcome.getKey()));
      count++;
      switch (outcome.getOutcomeCase()) {
        case EMBEDDING -> addVector(name, outcome.getEmbedding());
        case ERROR -> addFailure(name, outcome.getError());
        case OUTCOME_NOT_SET -> addFailure(name, com.google.rpc.Status.getDefaultInstance());
      }
    }

    private void addVector(String name, Embedding embedding) {
      ArrayNode values = vectors.putArray(name);
      embedding.getValuesList().forEach(values::add);
      dimension = embedding.getValuesCount();
      StringBuilder line = new StringBuilder(name).append(": ").append(dimension).append(" values");
      embedding.getValuesList().stream()
          .limit(SHOWN_VALUES)
          .forEach(value -> line.append(line.indexOf("[") < 0 ? ", [" : ", ").append(value));
      lines.add(line.append(", …]").toString());
    }

    private void addFailure(String name, com.google.rpc.Status error) {
      String sentence = RpcFailure.sentence(error);
      failures.putObject(name).put("reason", RpcFailure.reason(error)).put("message", sentence);
      lines.add(name + ": " + sentence);
    }

    ObjectNode result(String encoder) {
      ObjectNode result = JsonDocument.object().put("encoder", encoder);
      if (vectors.isEmpty()) {
        result.putNull("dimension");
      } else {
        result.put("dimension", dimension);
      }
      result.set("vectors", vectors);
      if (failures.isEmpty()) {
        return result;
      }
      result.set("failures", failures);
      throw CommandFailure.partly(
          "IMAGES_FAILED",
          "%d of %d images have no vector; the lines above say why"
              .formatted(failures.size(), names.size()),
          result);
    }
  }
}
