package dev.likeness.training.pretrain;

import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The two files that become part of the program: the graph, and how its weights were made. */
record WeightFiles(Path graph, Path card) {

  private static final String LICENCE = "as Likeness; no image of others was used";

  /**
   * @param command that gives the same weights again
   */
  static WeightFiles write(Path folder, PackageDraft draft, String command) throws IOException {
    Path graph = folder.resolve("likeness-mini.onnx");
    Files.write(graph, draft.onnx());
    Origin origin = draft.card().origin();
    List<String> lines = new ArrayList<>();
    lines.add(
        "source=%s; everything it was trained on was drawn by Likeness itself".formatted(command));
    lines.add("licence=" + LICENCE);
    lines.add("dataset=" + origin.datasetHash());
    lines.add("seed=" + origin.seed());
    new TreeMap<>(origin.metrics())
        .forEach((name, value) -> lines.add("metric.%s=%s".formatted(name, value)));
    Path card = folder.resolve("likeness-mini.properties");
    Files.write(card, lines);
    return new WeightFiles(graph, card);
  }
}
