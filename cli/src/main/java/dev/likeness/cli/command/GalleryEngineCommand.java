package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.v1.ChooseGalleryEngineRequest;
import dev.likeness.gateway.v1.GalleryEngine;
import dev.likeness.gateway.v1.GetGalleryEngineRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows or changes how a gallery is searched. */
@Command(
    name = "engine",
    description = "Show how a gallery is searched, or change it while it is searched.")
public final class GalleryEngineCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final List<String> ENGINES = List.of("exact", "graph", "auto");

  @Parameters(index = "0", paramLabel = "NAME", description = "The gallery.")
  private String name = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ENGINE",
      description = "exact, graph (quicker for large galleries, may miss neighbors) or auto.")
  private @Nullable String engine;

  @Option(
      names = "--recall",
      paramLabel = "SHARE",
      description = "Share of the true neighbors to be found by graph, 0.5 to 1 (default: 0.95).")
  private @Nullable Double recall;

  /** The command in its surroundings. */
  public GalleryEngineCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    if (engine == null && recall != null) {
      throw CommandFailure.usage("--recall needs an engine: graph or auto");
    }
    if (recall != null && !(recall >= 0.5 && recall <= 1)) {
      throw CommandFailure.usage("--recall must be 0.5 to 1, not " + recall);
    }
    notBlank("NAME", name);
    try (Platform platform = connect()) {
      GalleryEngine answer = engine == null ? shown(platform) : chosen(platform, engine);
      output.result(sentence(answer));
      return json(answer);
    }
  }

  private GalleryEngine shown(Platform platform) {
    return Platform.within(TIME, platform.galleries())
        .getGalleryEngine(GetGalleryEngineRequest.newBuilder().setName(name).build())
        .getEngine();
  }

  private GalleryEngine chosen(Platform platform, String wanted) {
    ChooseGalleryEngineRequest.Builder request =
        ChooseGalleryEngineRequest.newBuilder()
            .setName(name)
            .setEngine(oneOf("ENGINE", wanted, ENGINES));
    if (recall != null) {
      request.setTargetRecall(recall);
    }
    return Platform.within(TIME, platform.galleries())
        .chooseGalleryEngine(request.build())
        .getEngine();
  }

  private String sentence(GalleryEngine engine) {
    String text = "%s: searched by %s".formatted(name, engine.getUsed());
    if (!engine.getChosen().isEmpty()) {
      text += ", chosen: " + engine.getChosen();
    }
    text +=
        "; %d of %d images by graph"
            .formatted(engine.getGraphVectorCount(), engine.getVectorCount());
    return engine.hasMeasuredRecall()
        ? text
            + String.format(
                Locale.ROOT,
                ", which finds %.3f of the true neighbors (%.2f wanted)",
                engine.getMeasuredRecall(),
                engine.getTargetRecall())
        : text;
  }

  private ObjectNode json(GalleryEngine engine) {
    ObjectNode json = JsonDocument.object();
    json.put("gallery", name);
    json.put("chosen", engine.getChosen().isEmpty() ? null : engine.getChosen());
    json.put("used", engine.getUsed());
    json.put("target_recall", engine.hasTargetRecall() ? engine.getTargetRecall() : null);
    json.put("measured_recall", engine.hasMeasuredRecall() ? engine.getMeasuredRecall() : null);
    json.put("vectors", engine.getVectorCount());
    json.put("vectors_by_graph", engine.getGraphVectorCount());
    return json;
  }
}
