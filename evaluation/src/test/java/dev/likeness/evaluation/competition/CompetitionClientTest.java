package dev.likeness.evaluation.competition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.likeness.evaluation.submission.Submission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompetitionClientTest {
  private static final Duration PATIENT = Duration.ofMinutes(1);
  private static final Submission SUBMISSION =
      new Submission(new LinkedHashMap<>(Map.of("q.jpg", List.of("g1.jpg", "g2.jpg"))));

  @TempDir Path history;
  private final CompetitionServer server = CompetitionServer.start();
  private CompetitionClient client = new CompetitionClient(Path.of("unset"), Clock.systemUTC());

  @BeforeEach
  void makeClient() {
    client =
        new CompetitionClient(
            history, Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void sendsJsonWithItsHeaderToAPathWithSlash() throws Exception {
    server.answers(200, "{\"accuracy\": 791.82}");

    CompetitionReply reply = send("/retrieval", false);

    assertThat(reply).isEqualTo(new CompetitionReply.Accepted(791.82, "{\"accuracy\": 791.82}"));
    assertThat(server.path()).isEqualTo("/retrieval/");
    assertThat(server.contentType()).isEqualTo("application/json");
    assertThat(new ObjectMapper().readTree(server.body()))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    "{\"groupname\":\"Team A\",\"images\":{\"q.jpg\":[\"g1.jpg\",\"g2.jpg\"]}}"));
  }

  @Test
  void sendsARawStringWithoutHeaderAsTheTemplateDoes() throws Exception {
    server.answers(200, "{\"results\": \"80.67\"}");

    CompetitionReply reply = send("/retrieval/?a=1", true);

    assertThat(reply).isEqualTo(new CompetitionReply.Accepted(80.67, "{\"results\": \"80.67\"}"));
    assertThat(server.contentType()).isNull();
    assertThat(server.path()).isEqualTo("/retrieval/?a=1");
  }

  @Test
  void acceptsAReplyWithoutAFigure() throws Exception {
    server.answers(200, "{\"status\": \"thanks\", \"accuracy\": null}");

    assertThat(send("/", false))
        .isInstanceOfSatisfying(
            CompetitionReply.Accepted.class, reply -> assertThat(reply.accuracy()).isNull());
  }

  @Test
  void takesPlainTextForARefusal() throws Exception {
    server.answers(200, "group\u001b[31m unknown\n");

    assertThat(send("/", false))
        .isEqualTo(new CompetitionReply.Rejected(200, "group [31m unknown"));
  }

  @Test
  void reportsServerErrorsAndGarbage() throws Exception {
    server.answers(500, "");
    assertThat(send("/", false))
        .isEqualTo(
            new CompetitionReply.Rejected(500, "the server answered status 500 without a text"));

    server.answers(400, "{\"accuracy\": 3}");
    assertThat(send("/", false)).isInstanceOf(CompetitionReply.Rejected.class);

    server.answersBytes(200, new byte[] {0, -1, -2, 7, 123});
    assertThat(send("/", false)).isInstanceOf(CompetitionReply.Rejected.class);

    server.answers(200, "[".repeat(5000));
    assertThat(send("/", false))
        .isInstanceOfSatisfying(
            CompetitionReply.Rejected.class, reply -> assertThat(reply.message()).hasSize(501));
  }

  @Test
  void cutsAHugeReply() throws Exception {
    server.answers(200, "x".repeat(5 << 20));

    assertThat(send("/", false))
        .isInstanceOfSatisfying(
            CompetitionReply.Rejected.class,
            reply -> assertThat(reply.message()).contains("larger than 1 MiB"));
    assertThat(Files.size(history.resolve("history.jsonl"))).isBetween(1L << 20, 2L << 20);
  }

  @Test
  void followsNoRedirectToAnotherServer() throws Exception {
    try (CompetitionServer other = CompetitionServer.start()) {
      other.answers(200, "{\"accuracy\": 1000}");
      server.redirects(307, other.url("/").toString());

      assertThat(send("/", false))
          .isInstanceOfSatisfying(
              CompetitionReply.Rejected.class,
              reply -> assertThat(reply.message()).contains("redirects to", "not followed"));
      assertThat(other.requests()).isZero();
    }
  }

  @Test
  void endsARedirectInACircle() throws Exception {
    server.redirects(308, "/retrieval/");

    assertThat(send("/", false)).isInstanceOf(CompetitionReply.Rejected.class);
    assertThat(server.requests()).isEqualTo(4);
  }

  @Test
  void queuesWhenTheServerIsClosedAndSendsLater() throws Exception {
    // Given: an address that nobody else can get meanwhile, and where nobody listens
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      URI closed = URI.create("http://127.0.0.1:%d/retrieval/".formatted(held.getLocalPort()));

      // When, Then
      assertThat(client.send(request(closed, false, PATIENT)))
          .isInstanceOfSatisfying(
              CompetitionReply.Queued.class,
              reply -> assertThat(reply.reason()).contains("queued"));
      assertThat(client.queued()).isEqualTo(1);
      assertThat(client.retryQueued()).singleElement().isInstanceOf(CompetitionReply.Queued.class);
      assertThat(client.queued()).isEqualTo(1);

      Path waiting = onlyFileIn(history.resolve("queue"));
      Files.writeString(
          waiting,
          Files.readString(waiting)
              .replace(closed.toString(), server.url("/retrieval/").toString()));
      server.answers(200, "{\"accuracy\": 5}");
      assertThat(client.retryQueued())
          .containsExactly(new CompetitionReply.Accepted(5.0, "{\"accuracy\": 5}"));
      assertThat(client.queued()).isZero();
      assertThat(outcomes()).containsExactly("queued", "queued", "accepted");
    }
  }

  @Test
  void queuesWhenTheServerIsSilent() throws Exception {
    server.staysSilent();
    assertQueuedOnceItArrived();
  }

  @Test
  void queuesWhenTheServerTrickles() throws Exception {
    server.trickles();
    assertQueuedOnceItArrived();
  }

  /** On a busy machine a request may run out of time on its way; then it is given more. */
  private void assertQueuedOnceItArrived() throws Exception {
    Duration timeout = Duration.ofMillis(100);
    CompetitionReply reply;
    int sent = 0;
    do {
      timeout = timeout.multipliedBy(2);
      sent++;
      reply = client.send(request(server.url("/" + sent + "/"), false, timeout));
      assertThat(reply).isInstanceOf(CompetitionReply.Queued.class);
    } while (!server.path().equals("/" + sent + "/"));
    assertThat(client.queued()).isEqualTo(sent);
    assertThat(((CompetitionReply.Queued) reply).reason())
        .contains(timeout.toMillis() / 1000.0 + " s", "may have counted it");
  }

  @Test
  void keepsEveryAttemptWithItsRawReply() throws Exception {
    server.answers(200, "{\"accuracy\": 1}");
    send("/", false);
    server.answers(200, "no\nsuch group");
    send("/", true);

    List<JsonNode> lines = lines();
    assertThat(outcomes()).containsExactly("accepted", "rejected");
    assertThat(lines.getFirst().get("accuracy").doubleValue()).isEqualTo(1);
    assertThat(lines.getFirst().get("queries").intValue()).isEqualTo(1);
    assertThat(lines.getFirst().get("at").textValue()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(lines.getLast().get("reply").textValue()).isEqualTo("no\nsuch group");
    assertThat(lines.getLast().get("template").booleanValue()).isTrue();
  }

  @Test
  void refusesOtherAddresses() {
    for (String url :
        List.of(
            "file:///etc/passwd", "ftp://host/", "/retrieval/", "http:///x", "http://u:p@host/")) {
      assertThatThrownBy(() -> request(URI.create(url), false, PATIENT))
          .as(url)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> request(server.url("/"), false, Duration.ZERO))
        .hasMessageContaining("timeout");
  }

  private CompetitionReply send(String path, boolean template)
      throws IOException, InterruptedException {
    return client.send(request(server.url(path), template, PATIENT));
  }

  private static CompetitionRequest request(URI url, boolean template, Duration timeout) {
    return new CompetitionRequest(url, "Team A", SUBMISSION, template, timeout);
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(history.resolve("history.jsonl"))) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private List<String> outcomes() throws IOException {
    return lines().stream().map(line -> line.get("outcome").textValue()).toList();
  }

  private static Path onlyFileIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow();
    }
  }
}
