package dev.likeness.evaluation.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Many runs in one table: grouped by model, averaged without the unknown values, best first by
 * score, then top-k accuracy, then precision; unknown last.
 *
 * @param rows best first
 * @param skipped files that look like records and cannot be read, with the reason
 */
public record ResultsTable(List<ResultsRow> rows, List<String> skipped) {
  private static final int SEARCH_DEPTH = 4;
  private static final long MAX_RECORD_BYTES = 4L << 20;
  private static final SequencedMap<String, Figure> FIGURES = figures();

  /** The averaged columns, in order; named as in the record's file. */
  public static final List<String> COLUMNS = List.copyOf(FIGURES.keySet());

  public ResultsTable {
    rows = List.copyOf(rows);
    skipped = List.copyOf(skipped);
  }

  /**
   * Reads the records below a folder: every {@code .json} with a {@code model_name}, at most four
   * folders deep.
   *
   * @throws IOException if the folder cannot be listed
   */
  public static ResultsTable read(Path folder) throws IOException {
    List<RunRecord> records = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder, SEARCH_DEPTH)) {
      files = found.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      boolean named = file.getFileName().toString().contains("_metrics_");
      try {
        if (Files.isRegularFile(file) && Files.size(file) <= MAX_RECORD_BYTES) {
          JsonNode json = JsonDocument.read(file);
          if (json.isObject() && json.path("model_name").isValueNode()) {
            records.add(RunRecordJson.read(json));
          } else if (named) {
            skipped.add(file + ": it has no model_name");
          }
        }
      } catch (IOException e) {
        if (named) {
          skipped.add(file + ": " + e.getMessage());
        }
      }
    }
    return new ResultsTable(of(records).rows(), skipped);
  }

  /** The table of some records. */
  public static ResultsTable of(List<RunRecord> records) {
    Map<String, List<RunRecord>> byModel = new TreeMap<>();
    for (RunRecord record : records) {
      String name = record.modelName() == null ? "(no name)" : record.modelName();
      byModel.computeIfAbsent(name, _ -> new ArrayList<>()).add(record);
    }
    List<ResultsRow> unranked = new ArrayList<>();
    byModel.forEach((name, runs) -> unranked.add(row(name, runs)));
    unranked.sort(
        bestFirst("score")
            .thenComparing(bestFirst("top_k_accuracy"))
            .thenComparing(bestFirst("precision_at_k")));
    List<ResultsRow> rows = new ArrayList<>();
    for (ResultsRow row : unranked) {
      rows.add(
          new ResultsRow(
              rows.size() + 1,
              row.modelName(),
              row.runs(),
              row.finetunedRuns(),
              row.topK(),
              row.means()));
    }
    return new ResultsTable(rows, List.of());
  }

  /** The table in columns of equal width, for a terminal. */
  public String toText() {
    return ResultsText.of(this);
  }

  /**
   * The table as JSON: {@code {"models":[{"rank","model_name","runs","means":{…}}],"skipped":[…]}}.
   */
  public ObjectNode toJson() {
    ObjectNode json = JsonDocument.object();
    var models = json.putArray("models");
    for (ResultsRow row : rows) {
      ObjectNode model = models.addObject();
      model.put("rank", row.rank());
      model.put("model_name", row.modelName());
      model.put("runs", row.runs());
      model.put("finetuned_runs", row.finetunedRuns());
      row.topK().forEach(model.putArray("top_k")::add);
      ObjectNode means = model.putObject("means");
      row.means()
          .forEach(
              (column, mean) ->
                  means.putObject(column).put("mean", mean.value()).put("count", mean.count()));
    }
    skipped.forEach(json.putArray("skipped")::add);
    return json;
  }

  private static ResultsRow row(String name, List<RunRecord> runs) {
    TreeSet<Integer> topK = new TreeSet<>();
    int finetuned = 0;
    for (RunRecord run : runs) {
      if (run.scores().topK() != null) {
        topK.add(run.scores().topK());
      }
      if (Boolean.TRUE.equals(run.training().finetuned())) {
        finetuned++;
      }
    }
    SequencedMap<String, Mean> means = new LinkedHashMap<>();
    FIGURES.forEach((column, figure) -> means.put(column, mean(runs, figure)));
    return new ResultsRow(0, name, runs.size(), finetuned, topK, means);
  }

  private static Mean mean(List<RunRecord> runs, Figure figure) {
    List<@Nullable Double> values = new ArrayList<>();
    for (RunRecord run : runs) {
      values.add(figure.of(run));
    }
    return Mean.of(values);
  }

  private static Comparator<ResultsRow> bestFirst(String column) {
    Function<ResultsRow, Double> key =
        row -> {
          Double value = row.mean(column).value();
          return value == null ? Double.NEGATIVE_INFINITY : value;
        };
    return Comparator.comparing(key).reversed();
  }

  private static SequencedMap<String, Figure> figures() {
    SequencedMap<String, Figure> figures = new LinkedHashMap<>();
    figures.put("score", record -> record.scores().score());
    figures.put("top_1", record -> record.scores().top1());
    figures.put("top_5", record -> record.scores().top5());
    figures.put("top_10", record -> record.scores().top10());
    figures.put("top_k_accuracy", record -> record.scores().topKAccuracy());
    figures.put("precision_at_k", record -> record.scores().precisionAtK());
    figures.put("map_at_10", record -> record.scores().mapAt10());
    figures.put("final_train_loss", record -> record.training().finalTrainLoss());
    figures.put("runtime_seconds", record -> record.times().runtimeSeconds());
    return figures;
  }

  /** One figure of a record; null when unknown. */
  @FunctionalInterface
  private interface Figure {
    @Nullable Double of(RunRecord record);
  }
}
