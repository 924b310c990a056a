package dev.likeness.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.truth.TruthRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rankings of a reference implementation on real images, where they are at hand. */
class ReferenceRunTest {
  @ParameterizedTest
  @CsvSource({
    "mobilenetv2-torchvision, caltech101-30, 0.9267, 0.9867, 0.9933, 0.8360, 951.3",
    "mobilenetv2-torchvision, pacs, 0.8643, 0.9857, 0.9929, 0.7207, 913.6",
    "resnet18-layer3, caltech101-30, 0.7267, 0.9267, 0.9600, 0.5020, 810.0"
  })
  void measuresWhatTheReferenceMeasured(
      String encoder,
      String data,
      double top1,
      double top5,
      double top10,
      double precision,
      double score)
      throws IOException {
    Path folder = acceptanceFolder().resolve("data");
    Path file = folder.resolve("reference").resolve(encoder + "_" + data + ".top10.json");
    assumeTrue(Files.exists(file), "no reference rankings at " + file);
    Dataset dataset = DatasetLayout.read(folder.resolve(data));

    MetricValues values =
        RetrievalMetrics.measure(rankings(file), TruthRules.find(dataset, null), 10, 1)
            .allQueries();

    assertThat(values.top1()).isCloseTo(top1, within(5e-5));
    assertThat(values.top5()).isCloseTo(top5, within(5e-5));
    assertThat(values.top10()).isCloseTo(top10, within(5e-5));
    assertThat(values.at10().precision()).isCloseTo(precision, within(5e-5));
    assertThat(values.score()).isCloseTo(score, within(0.05));
  }

  private static Path acceptanceFolder() {
    String given = System.getenv("LIKENESS_ACCEPTANCE_DIR");
    return given == null
        ? Path.of(System.getProperty("likeness.root", "."), "..", "shared")
        : Path.of(given);
  }

  private static Map<String, List<String>> rankings(Path file) throws IOException {
    Map<String, List<String>> rankings = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> query :
        new ObjectMapper().readTree(file.toFile()).properties()) {
      List<String> names = new ArrayList<>();
      query.getValue().forEach(answer -> names.add(answer.get(0).textValue()));
      rankings.put(query.getKey(), names);
    }
    return rankings;
  }
}
