package dev.likeness.benchmarks.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.likeness.training.torch.NativeRuntime;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class TrainBenchmarkTest {

  @Test
  void withoutAPeerThereAreFiguresAndNoRatio() throws Exception {
    // Given
    Assumptions.assumeTrue(NativeRuntime.unavailable().isEmpty(), "libtorch does not load here");
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      // When
      int status =
          new CommandLine(new TrainBenchmark())
              .execute(
                  "--networks=likeness-mini",
                  "--batch=2",
                  "--rounds=1",
                  "--warm-up=0",
                  "--threads=1",
                  "--json");

      // Then
      assertThat(status).isZero();
    } finally {
      System.setOut(before);
    }
    JsonNode json = new ObjectMapper().readTree(printed.toString(StandardCharsets.UTF_8));
    assertThat(json.get("ratios").get("likeness-mini").isNull()).isTrue();
    JsonNode contender = json.get("comparisons").get(0).get("contenders").get(0);
    assertThat(contender.get("per_second").get("median").asDouble()).isPositive();
  }

  @Test
  void aMachineWithoutGpuIsNoFailure() {
    int status =
        new CommandLine(new GpuCheck())
            .execute("--network=likeness-mini", "--batch=2", "--rounds=1", "--warm-up=0", "--json");
    assertThat(status).isZero();
  }

  @Test
  void refusesABatchWithoutNeighbors() {
    StringWriter errors = new StringWriter();
    int status =
        new CommandLine(new TrainBenchmark())
            .setErr(new PrintWriter(errors))
            .execute("--batch", "1");
    assertThat(status).isNotZero();
    assertThat(errors.toString()).contains("--batch must be at least 2");
  }
}
