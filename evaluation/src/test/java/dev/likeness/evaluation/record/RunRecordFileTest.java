package dev.likeness.evaluation.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.evaluation.ImageFolder;
import dev.likeness.evaluation.file.MalformedJsonException;
import dev.likeness.evaluation.metrics.BootstrapInterval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecordFileTest {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 2, 3, 4);

  @TempDir Path temporary;

  @Test
  void readsWhatItWrites() throws IOException {
    RunRecord record = record("resnet50", 951.3333333333334, 0.25);

    Path file = RunRecordFile.write(temporary.resolve("results"), record, TIME);

    assertThat(file).hasFileName("resnet50_metrics_20260102-0304.json");
    assertThat(RunRecordFile.read(file)).isEqualTo(record);
  }

  @Test
  void neverReplacesARecord() throws IOException {
    Path first = RunRecordFile.write(temporary, record("a", 1.0, null), TIME);
    String before = Files.readString(first);

    Path second = RunRecordFile.write(temporary, record("a", 2.0, null), TIME);

    assertThat(second).hasFileName("a_metrics_20260102-0304-2.json");
    assertThat(Files.readString(first)).isEqualTo(before);
  }

  @Test
  void keepsHostileNamesInsideTheFolder() throws IOException {
    Path file = RunRecordFile.write(temporary, record("../../etc/x y", 1.0, null), TIME);

    assertThat(file.getParent()).isEqualTo(temporary);
    assertThat(file).hasFileName("_._.._etc_x_y_metrics_20260102-0304.json");
  }

  @Test
  void writesUnknownAsNull() {
    assertThat(RunRecordFile.toJson(record("a", null, null)).toString())
        .contains("\"score\":null", "\"loss_function\":null", "\"is_finetuned\":false");
  }

  @Test
  void readsRecordsOfOthersTolerantly() throws IOException {
    new ImageFolder(temporary)
        .text(
            "r.json",
            "{\"model_name\": \"vit\", \"top_k\": 5, \"top_k_accuracy\": \"high\","
                + " \"final_train_loss\": 0.3, \"num_epochs\": 2.5, \"extra\": {}}");

    RunRecord record = RunRecordFile.read(temporary.resolve("r.json"));

    assertThat(record.modelName()).isEqualTo("vit");
    assertThat(record.scores().topK()).isEqualTo(5);
    assertThat(record.scores().topKAccuracy()).isNull();
    assertThat(record.training().finalTrainLoss()).isEqualTo(0.3);
    assertThat(record.training().numEpochs()).isNull();
    assertThat(record.training().finetuned()).isNull();
  }

  @Test
  void refusesWhatIsNoObject() throws IOException {
    new ImageFolder(temporary).text("r.json", "[1]");

    assertThatThrownBy(() -> RunRecordFile.read(temporary.resolve("r.json")))
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void averagesWithoutNullsAndSaysHowMany() {
    ResultsTable table =
        ResultsTable.of(
            List.of(
                record("weak", 100.0, null),
                record("strong", 900.0, 0.2),
                record("strong", 800.0, null),
                record("unscored", null, null)));

    assertThat(table.rows())
        .extracting(ResultsRow::modelName)
        .containsExactly("strong", "weak", "unscored");
    ResultsRow best = table.rows().getFirst();
    assertThat(best.rank()).isEqualTo(1);
    assertThat(best.mean("score")).isEqualTo(new Mean(850.0, 2, 2));
    assertThat(best.mean("final_train_loss")).isEqualTo(new Mean(0.2, 1, 2));
    assertThat(table.rows().getLast().mean("score")).isEqualTo(new Mean(null, 0, 1));
    assertThat(table.toText()).contains("850.0", "0.200 (1)");
    assertThat(table.toJson().at("/models/0/means/final_train_loss/count").intValue()).isEqualTo(1);
  }

  @Test
  void findsRecordsBelowAFolderAndNamesTheBrokenOnes() throws IOException {
    RunRecordFile.write(temporary.resolve("results"), record("a", 1.0, null), TIME);
    new ImageFolder(temporary)
        .text("results/b_metrics_1.json", "{oops")
        .text("results/c_metrics_1.json", "{}")
        .text("submissions/run.json", "{\"q.jpg\": []}")
        .text("notes.json", "{oops");

    ResultsTable table = ResultsTable.read(temporary);

    assertThat(table.rows()).singleElement().extracting(ResultsRow::modelName).isEqualTo("a");
    assertThat(table.skipped()).hasSize(2);
    assertThat(table.skipped().getFirst()).contains("b_metrics_1.json", "line 1");
  }

  private static RunRecord record(
      String model, @Nullable Double score, @Nullable Double finalLoss) {
    SequencedMap<String, BootstrapInterval> intervals = new LinkedHashMap<>();
    intervals.put("score", new BootstrapInterval(900, 980, 0.95, 2000, 7));
    SequencedMap<String, Double> seconds = new LinkedHashMap<>();
    seconds.put("decode", 1.5);
    seconds.put("embed", 3.25);
    return new RunRecord(
        model,
        "run-1",
        new RunRecord.Scores(10, 0.9, 0.8, score, 0.7, 0.8, 0.9, 0.8, 0.6, null, 0.75, intervals),
        new RunRecord.Training(false, null, null, null, finalLoss, "GAP", 32),
        new RunRecord.Inputs(
            150,
            450,
            "abc",
            "def",
            7L,
            "k-reciprocal",
            new RunRecord.Fusion(
                "min-max",
                List.of(
                    new RunRecord.FusedEncoder("a", "aa", 0.25),
                    new RunRecord.FusedEncoder("b", null, 0.75)))),
        new RunRecord.Times(4.75, seconds));
  }
}
