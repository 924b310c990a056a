package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCommandsTest {
  private static final String LABELS =
      """
      {"query":{"q1.jpg":"cat","q2.jpg":"dog"},"gallery":{"a.jpg":"cat","b.jpg":"dog"}}
      """;

  @TempDir private Path directory;

  @Test
  void scoresASubmissionWithoutThePlatform() throws Exception {
    // Given
    Files.writeString(directory.resolve("labels.json"), LABELS);
    Files.writeString(
        directory.resolve("s.json"),
        """
        {"q1.jpg":["a.jpg","b.jpg"],"q2.jpg":["a.jpg","b.jpg"]}
        """);

    // When
    CommandLineRun run =
        CommandLineRun.withPlatformDown(
            directory, "score", "--submission", "s.json", "--labels", "labels.json", "--json");

    // Then: q1 is right at once, q2 at the second place; the whole gallery is listed
    assertThat(run.exitCode()).isZero();
    assertThat(run.json().get("queries").asInt()).isEqualTo(2);
    assertThat(run.json().get("top_1").asDouble()).isEqualTo(0.5);
    assertThat(run.json().get("top_5").asDouble()).isEqualTo(1.0);
    assertThat(run.json().get("score").asDouble()).isEqualTo(700.0);
  }

  @Test
  void leavesFiguresUnknownThatLookFurtherThanTheLists() throws Exception {
    // Given
    Files.writeString(directory.resolve("labels.json"), LABELS);
    Files.writeString(
        directory.resolve("s.json"), "{\"q1.jpg\":[\"a.jpg\"],\"q2.jpg\":[\"b.jpg\"]}");

    // When
    CommandLineRun forPrograms =
        CommandLineRun.alone(
            directory, "score", "--submission", "s.json", "--labels", "labels.json", "--json");
    CommandLineRun forPeople =
        CommandLineRun.alone(
            directory, "score", "--submission", "s.json", "--labels", "labels.json");

    // Then
    assertThat(forPrograms.json().get("top_1").asDouble()).isEqualTo(1.0);
    assertThat(forPrograms.json().get("score").isNull()).isTrue();
    assertThat(forPeople.out()).contains("Score: unknown");
  }

  @Test
  void tellsWhatIsWrongWithASubmission() throws Exception {
    // Given
    Files.writeString(directory.resolve("labels.json"), LABELS);
    Files.writeString(directory.resolve("s.json"), "{\"q1.jpg\":[\"a.jpg\",\"a.jpg\"]}");

    // When
    CommandLineRun run =
        CommandLineRun.alone(
            directory, "score", "--submission", "s.json", "--labels", "labels.json", "--json");

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json().at("/error/message").asText()).contains("lists 'a.jpg' twice");
    assertThat(run.err()).doesNotContain("Exception");
  }

  @Test
  void averagesRunRecordsAndSaysWhichFilesItLeftOut() throws Exception {
    // Given
    Files.createDirectories(directory.resolve("out/results"));
    Files.writeString(
        directory.resolve("out/results/mini_metrics_1.json"),
        "{\"model_name\":\"mini\",\"run_id\":\"1\",\"top_k\":10,\"score\":500.0}");
    Files.writeString(
        directory.resolve("out/results/mini_metrics_2.json"),
        "{\"model_name\":\"mini\",\"run_id\":\"2\",\"top_k\":10,\"score\":null}");
    Files.writeString(directory.resolve("out/results/mini_metrics_3.json"), "{");

    // When
    CommandLineRun run = CommandLineRun.alone(directory, "results", "out", "--json");

    // Then
    assertThat(run.exitCode()).isZero();
    assertThat(run.json().at("/models/0/means/score/mean").asDouble()).isEqualTo(500.0);
    assertThat(run.json().at("/models/0/means/score/count").asInt()).isEqualTo(1);
    assertThat(run.err()).contains("Left out: ").contains("mini_metrics_3.json");
  }

  @Test
  void saysThatThereAreNoRecords() {
    // When
    CommandLineRun run = CommandLineRun.alone(directory, "results", ".");

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("there is no run record below '.'");
  }

  @Test
  void submitsAndPrintsWhatTheServerAnswered() throws Exception {
    // Given
    Files.writeString(directory.resolve("s.json"), "{\"q1.jpg\":[\"a.jpg\"]}");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/retrieval/",
        exchange -> {
          byte[] reply = "{\"accuracy\": 812.5}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, reply.length);
          exchange.getResponseBody().write(reply);
          exchange.close();
        });
    server.start();
    try {
      // When
      CommandLineRun run =
          CommandLineRun.alone(
              directory,
              "submit",
              "s.json",
              "--group",
              "ours",
              "--url",
              "http://127.0.0.1:" + server.getAddress().getPort() + "/retrieval",
              "--json");

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().get("outcome").asText()).isEqualTo("accepted");
      assertThat(run.json().get("accuracy").asDouble()).isEqualTo(812.5);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void keepsASubmissionThatTheServerDidNotGet() throws Exception {
    // Given
    Files.writeString(directory.resolve("s.json"), "{\"q1.jpg\":[\"a.jpg\"]}");

    // When
    CommandLineRun run =
        CommandLineRun.alone(
            directory,
            "submit",
            "s.json",
            "--group",
            "g",
            "--url",
            "http://127.0.0.1:1/",
            "--json");
    CommandLineRun again = CommandLineRun.alone(directory, "submit", "--queued", "--json");

    // Then
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.json().get("outcome").asText()).isEqualTo("queued");
    assertThat(run.json().at("/error/reason").asText()).isEqualTo("SERVER_UNREACHABLE");
    assertThat(again.json().get("waiting").asInt()).isEqualTo(1);
  }
}
