package dev.likeness.encoders.store;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.encoders.store.ModelStoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code .promotions.json} in an encoder's folder: the promotions, the last of which says what
 * serves. Absent as long as simply the newest version serves. Replaced as a whole.
 */
final class PromotionFile {

  static final String NAME = ".promotions.json";

  /** Older ones are forgotten. */
  private static final int MOST = 500;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private PromotionFile() {}

  /** The promotions, oldest first; empty if there is no such file. */
  static List<Promotion> read(Path folder) {
    Path file = folder.resolve(NAME);
    try {
      return parse(MAPPER.readTree(Files.readAllBytes(file)));
    } catch (NoSuchFileException absent) {
      return List.of();
    } catch (JacksonException | DateTimeException | IllegalArgumentException wrong) {
      throw new ModelStoreException(
          Reason.STORAGE_FAILED,
          "%s is damaged; remove it to let the newest version serve".formatted(file),
          wrong);
    } catch (IOException unreadable) {
      throw new ModelStoreException(
          Reason.STORAGE_FAILED, "%s cannot be read".formatted(file), unreadable);
    }
  }

  private static List<Promotion> parse(JsonNode tree) {
    List<Promotion> promotions = new ArrayList<>();
    for (JsonNode entry : tree.path("promotions")) {
      int version = entry.path("version").asInt();
      if (version < 1) {
        throw new IllegalArgumentException("a promotion lacks its version");
      }
      promotions.add(
          new Promotion(
              version,
              entry.hasNonNull("previous") ? entry.get("previous").asInt() : null,
              Instant.parse(entry.path("time").asText()),
              entry.path("reason").asText(),
              entry.hasNonNull("jobId") ? entry.get("jobId").asText() : null));
    }
    return promotions;
  }

  static byte[] toBytes(List<Promotion> promotions) {
    ObjectNode tree = MAPPER.createObjectNode();
    ArrayNode entries = tree.putArray("promotions");
    for (Promotion promotion : newest(promotions)) {
      ObjectNode entry = entries.addObject();
      entry.put("version", promotion.version());
      put(entry, "previous", promotion.previous());
      entry.put("time", promotion.time().toString());
      entry.put("reason", promotion.reason());
      entry.put("jobId", promotion.jobId());
    }
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    } catch (JacksonException impossible) {
      throw new IllegalStateException("promotions are always expressible as JSON", impossible);
    }
  }

  private static void put(ObjectNode entry, String field, @Nullable Integer value) {
    entry.put(field, value);
  }

  private static List<Promotion> newest(List<Promotion> promotions) {
    return promotions.subList(Math.max(0, promotions.size() - MOST), promotions.size());
  }
}
