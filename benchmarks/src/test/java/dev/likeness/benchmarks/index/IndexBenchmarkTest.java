package dev.likeness.benchmarks.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class IndexBenchmarkTest {

  @Test
  void withoutAPeerSearchHasFiguresButNoRatios() throws Exception {
    // Given
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      // When
      int status =
          new CommandLine(new IndexBenchmark())
              .execute(
                  "--rows",
                  "1000",
                  "--dimension",
                  "64",
                  "--rounds",
                  "1",
                  "--warm-up",
                  "0",
                  "--threads",
                  "1",
                  "--only",
                  "EXACT,GRAPH,INGEST",
                  "--json");

      // Then
      assertThat(status).isZero();
    } finally {
      System.setOut(before);
    }
    JsonNode json = new ObjectMapper().readTree(printed.toString(StandardCharsets.UTF_8));
    JsonNode ratios = json.get("ratios");
    for (String unknown :
        new String[] {
          "exact_batch_1000",
          "exact_batch_16",
          "exact_single",
          "graph_recall_95",
          "graph_recall_99",
          "graph_build"
        }) {
      assertThat(ratios.has(unknown)).as(unknown).isTrue();
      assertThat(ratios.get(unknown).isNull()).as(unknown).isTrue();
    }
    assertThat(ratios.get("ingest_100").asDouble()).isPositive();
    assertThat(ratios.get("ingest_1000").asDouble()).isPositive();
    assertThat(json.get("comparisons")).hasSize(7);
  }

  @Test
  void refusesAPeerThatItDoesNotKnow() {
    StringWriter errors = new StringWriter();
    int status =
        new CommandLine(new IndexBenchmark())
            .setErr(new PrintWriter(errors))
            .execute("--peer", "faiss,elsewhere");
    assertThat(status).isNotZero();
    assertThat(errors.toString()).contains("--peer must be faiss or hnswlib, is 'elsewhere'");
  }
}
