package dev.likeness.index.opensearch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.error.EngineRefusedException;
import dev.likeness.index.error.IndexException;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes of distinct ids on their way into an index. A change counts as done when the primary and
 * all copies that are in sync have forced it to disk and made it visible. What a node refuses
 * because it is busy or leaving is sent again; a change may so arrive twice, which its stamp makes
 * harmless. For one thread.
 */
final class BulkWrite {

  /** Keeps a request far below the 100 MB that OpenSearch takes, and its memory small. */
  private static final int MAX_BYTES = 8 << 20;

  private static final Pattern CURRENT_STAMP = Pattern.compile("current version \\[(\\d+)\\]");

  private final ClusterConnection cluster;
  private final CollectionIndex index;
  private final WriteClock clock;
  private final Map<VectorId, IndexException> refused = new HashMap<>();
  private int deletedCount;

  BulkWrite(ClusterConnection cluster, CollectionIndex index, WriteClock clock) {
    this.cluster = cluster;
    this.index = index;
    this.clock = clock;
  }

  /** Vectors that were there and are not any more. */
  int deletedCount() {
    return deletedCount;
  }

  /** What cannot be stored, whenever it is tried. */
  Map<VectorId, IndexException> refused() {
    return refused;
  }

  /**
   * Returns when all changes are done or refused.
   *
   * @throws dev.likeness.index.error.EngineUnavailableException if the deadline passes; some may be
   *     done
   */
  void run(List<VectorChange> changes) {
    int perVector = 256 + 12 * index.settings().dimension();
    int size = Math.max(1, MAX_BYTES / perVector);
    for (int from = 0; from < changes.size(); from += size) {
      write(changes.subList(from, Math.min(from + size, changes.size())));
    }
  }

  private void write(List<VectorChange> changes) {
    List<VectorChange> open = new ArrayList<>(changes);
    String action = "write to collection '%s'".formatted(index.name());
    cluster.retrying(
        action,
        () -> {
          send(open);
          return open.isEmpty();
        });
  }

  private void send(List<VectorChange> open) {
    JsonNode answer;
    try {
      answer =
          cluster.sendLines(
              "/" + index.writeAlias() + "/_bulk",
              Map.of(
                  "refresh", "true",
                  "require_alias", "true",
                  "filter_path", "items.*.status,items.*.result,items.*.error"),
              lines(open));
    } catch (ClusterException e) {
      if (e.isMissing()) {
        throw new CollectionNotFoundException(index.name().value());
      }
      throw new EngineRefusedException(
          "write to collection '%s'".formatted(index.name()), e.reason());
    }
    JsonNode items = answer.path("items");
    List<VectorChange> again = new ArrayList<>();
    String reason = "";
    for (int i = 0; i < open.size(); i++) {
      JsonNode item = items.path(i).path("index");
      item = item.isMissingNode() ? items.path(i).path("delete") : item;
      int status = item.path("status").asInt(503);
      JsonNode error = item.path("error");
      if (error.isMissingNode() && (status < 300 || status == 404)) {
        deletedCount += item.path("result").asText().equals("deleted") ? 1 : 0;
      } else if (isTransient(status, error)) {
        again.add(open.get(i));
        reason = error.path("reason").asText("no answer for some of the vectors");
      } else {
        refuse(open.get(i), error);
      }
    }
    open.clear();
    open.addAll(again);
    if (!again.isEmpty()) {
      throw new RetryableException(reason);
    }
  }

  private boolean isTransient(int status, JsonNode error) {
    if (status == 409) {
      Matcher stamp = CURRENT_STAMP.matcher(error.path("reason").asText());
      if (stamp.find()) {
        clock.observe(Long.parseLong(stamp.group(1)));
      }
      return true;
    }
    return ClusterException.of(status, error) instanceof RetryableException;
  }

  private void refuse(VectorChange change, JsonNode error) {
    String reason = error.path("reason").asText("no reason given");
    if (error.path("type").asText().equals("index_not_found_exception")) {
      throw new CollectionNotFoundException(index.name().value());
    }
    refused.put(
        change.id(),
        new EngineRefusedException("store vector '%s'".formatted(change.id()), reason));
  }

  private byte[] lines(List<VectorChange> changes) {
    var bytes = new ByteArrayOutputStream();
    long stamp = clock.next();
    try (JsonGenerator json = ClusterConnection.JSON.getFactory().createGenerator(bytes)) {
      json.setRootValueSeparator(null);
      for (VectorChange change : changes) {
        json.writeStartObject();
        json.writeObjectFieldStart(change instanceof VectorChange.Put ? "index" : "delete");
        json.writeStringField("_id", change.id().value());
        json.writeNumberField("version", stamp);
        json.writeStringField("version_type", "external_gte");
        json.writeEndObject();
        json.writeEndObject();
        json.writeRaw('\n');
        if (change instanceof VectorChange.Put put) {
          VectorDocument.write(put, json);
          json.writeRaw('\n');
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
