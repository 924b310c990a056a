package dev.likeness.evaluation.competition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.AtomicFile;
import dev.likeness.evaluation.file.JsonDocument;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and what came back, and what waits to be sent.
 *
 * <p>{@code history.jsonl}: one JSON object per attempt ({@code at, url, groupname, template,
 * queries, outcome, status, accuracy, message, reply}), synced to disk before the caller learns the
 * outcome. {@code queue/*.json}: one file per submission that waits; deleted when it was answered.
 */
final class SubmissionHistory {
  private final Path folder;

  SubmissionHistory(Path folder) {
    this.folder = folder;
  }

  /** One attempt, as far as it came. */
  record Attempt(
      Instant at,
      String url,
      String groupName,
      boolean template,
      int queries,
      CompetitionReply reply,
      @Nullable Integer status,
      @Nullable String raw) {}

  /** A submission that waits, and the file that holds it. */
  record Waiting(Path file, String url, String body, boolean template, Duration timeout) {}

  void append(Attempt attempt) throws IOException {
    ObjectNode line = JsonDocument.object();
    line.put("at", attempt.at().toString());
    line.put("url", attempt.url());
    line.put("groupname", attempt.groupName());
    line.put("template", attempt.template());
    line.put("queries", attempt.queries());
    switch (attempt.reply()) {
      case CompetitionReply.Accepted(var accuracy, _) ->
          line.put("outcome", "accepted").put("accuracy", accuracy);
      case CompetitionReply.Rejected(_, var message) ->
          line.put("outcome", "rejected").put("message", message);
      case CompetitionReply.Queued(var reason) ->
          line.put("outcome", "queued").put("message", reason);
    }
    line.put("status", attempt.status());
    line.put("reply", attempt.raw());
    Files.createDirectories(folder);
    byte[] bytes = (JsonDocument.line(line) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("history.jsonl"),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  void enqueue(Instant at, String url, String body, boolean template, Duration timeout)
      throws IOException {
    ObjectNode waiting = JsonDocument.object();
    waiting.put("at", at.toString());
    waiting.put("url", url);
    waiting.put("template", template);
    waiting.put("timeout_seconds", timeout.toMillis() / 1000.0);
    waiting.put("body", body);
    // The time sorts the queue, the random part tells submissions of one millisecond apart.
    String name =
        "%013d-%s.json"
            .formatted(
                at.toEpochMilli(),
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
    AtomicFile.writeNew(queue().resolve(name), JsonDocument.layOut(waiting));
  }

  /** Oldest first. */
  List<Waiting> waiting() throws IOException {
    if (!Files.isDirectory(queue())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(queue())) {
      List<Path> sorted =
          files
              .filter(file -> file.getFileName().toString().matches("\\d+-[0-9a-f]+\\.json"))
              .sorted()
              .toList();
      List<Waiting> waiting = new ArrayList<>();
      for (Path file : sorted) {
        waiting.add(read(file));
      }
      return waiting;
    }
  }

  void remove(Waiting waiting) throws IOException {
    Files.deleteIfExists(waiting.file());
  }

  private Path queue() {
    return folder.resolve("queue");
  }

  private static Waiting read(Path file) throws IOException {
    JsonNode json = JsonDocument.read(file);
    if (!json.path("url").isTextual() || !json.path("body").isTextual()) {
      throw new IOException(
          "the queued submission '" + file + "' is damaged; delete it and submit again");
    }
    double seconds =
        json.path("timeout_seconds")
            .asDouble((double) CompetitionRequest.DEFAULT_TIMEOUT.toSeconds());
    return new Waiting(
        file,
        json.path("url").textValue(),
        json.path("body").textValue(),
        json.path("template").asBoolean(),
        Duration.ofMillis(Math.round(seconds * 1000)));
  }
}
