package dev.likeness.training.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.finetune.FineTuneOutcome;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recipe of two steps: everything but learning anything. */
@RequiresLibtorch
class PretrainingTest {

  private static final Recipe SMALL = new Recipe(40, 4, 1, 5);

  @TempDir Path folder;

  @Test
  void leavesAGraphThatCanBeBuiltInAndSaysHowItWasMade() throws Exception {
    FineTuneOutcome.Finished done =
        new Pretraining(folder.resolve("work"), SMALL, 1)
            .run(new Narration(new PrintStream(OutputStream.nullOutputStream())));
    WeightFiles files = WeightFiles.write(folder, done.draft(), "likeness pretrain --seed 5");

    ModelPackage untrained =
        LikenessMini.publishTo(ModelStore.open(folder.resolve("untrained")), SMALL.seed());
    GraphEditor trained = GraphEditor.parse(Files.readAllBytes(files.graph()));
    assertThat(trained.graph().getNodeList())
        .isEqualTo(
            GraphEditor.parse(Files.readAllBytes(untrained.onnxPath())).graph().getNodeList());
    assertThat(Files.size(files.graph())).isBetween(1_000_000L, 8_000_000L);
    Properties card = new Properties();
    try (var in = Files.newInputStream(files.card())) {
      card.load(in);
    }
    assertThat(card)
        .containsEntry("seed", "5")
        .containsKeys("licence", "dataset", "metric.validation_score");
    assertThat(card.getProperty("source")).startsWith("likeness pretrain --seed 5;");
  }
}
