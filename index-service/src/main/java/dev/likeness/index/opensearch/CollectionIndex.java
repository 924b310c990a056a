package dev.likeness.index.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.CollectionSettings;
import dev.likeness.index.error.CollectionDamagedException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.vector.Similarity;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The index that a collection is in OpenSearch: {@code <prefix>@<collection>}, its settings in
 * {@code _meta}. Writes go through the alias {@code <prefix>@<collection>@write}, so that a write
 * to a collection that was just deleted fails instead of creating an index. No name of a collection
 * contains {@code @}.
 *
 * <pre>
 * _id       the vector's id
 * vector    float32 [dimension]; with a graph, or as values for the exact search only
 * payload   {@link dev.likeness.index.vector.Payload#toBytes}
 * terms     {@link PayloadTerms}
 * order     {@link SortKey}
 * checksum  {@link VectorDocument#checksum}
 * </pre>
 *
 * @param approximate true if it has a graph and is searched by it
 */
record CollectionIndex(
    CollectionName name,
    String indexName,
    CollectionSettings settings,
    Instant createTime,
    boolean approximate) {

  static final String VECTOR = "vector";
  static final String PAYLOAD = "payload";
  static final String TERMS = "terms";
  static final String ORDER = "order";
  static final String CHECKSUM = "checksum";

  /** Connections per vector and candidates while building: a usual choice for recall above 0.95. */
  private static final Map<String, Integer> GRAPH = Map.of("m", 16, "ef_construction", 128);

  static String indexName(String prefix, CollectionName name) {
    return prefix + "@" + name.value();
  }

  static String writeAlias(String indexName) {
    return indexName + "@write";
  }

  String writeAlias() {
    return writeAlias(indexName);
  }

  /** What all indices of a store have in common. */
  static Map<String, Object> template(OpenSearchSettings settings) {
    Map<String, Object> index =
        Map.of(
            "number_of_shards",
            settings.shards(),
            "number_of_replicas",
            settings.replicas(),
            // each write asks for its own refresh before it is acknowledged
            "refresh_interval",
            "-1",
            "translog.durability",
            "request");
    Map<String, Object> properties =
        Map.of(
            PAYLOAD, Map.of("type", "binary"),
            TERMS, Map.of("type", "keyword", "doc_values", false),
            ORDER, Map.of("type", "keyword", "index", false),
            CHECKSUM, Map.of("type", "long", "index", false, "doc_values", false));
    return Map.of(
        "index_patterns",
        settings.prefix() + "@*",
        "template",
        Map.of(
            "settings",
            Map.of("index", index),
            "mappings",
            Map.of("dynamic", "strict", "properties", properties)));
  }

  /** The body of the call that creates the index. */
  static Map<String, Object> body(
      String indexName,
      CollectionSettings settings,
      String requestId,
      Instant now,
      boolean approximate) {
    Map<String, Object> vector = new LinkedHashMap<>();
    vector.put("type", "knn_vector");
    vector.put("dimension", settings.dimension());
    if (approximate) {
      vector.put(
          "method",
          Map.of(
              "name", "hnsw",
              "engine", "lucene",
              "space_type", "innerproduct",
              "parameters", GRAPH));
    }
    Map<String, Object> meta =
        Map.of(
            "dimension", settings.dimension(),
            "similarity", settings.similarity().name(),
            "fingerprint", settings.fingerprint(),
            "request-id", requestId,
            "create-time", now.toString(),
            "approximate", approximate);
    return Map.of(
        "settings", Map.of("index", Map.of("knn", approximate)),
        "mappings", Map.of("_meta", meta, "properties", Map.of(VECTOR, vector)),
        "aliases", Map.of(writeAlias(indexName), Map.of("is_write_index", true)));
  }

  /**
   * Reads an index back.
   *
   * @param indexName as the cluster names it
   * @param index its answer, with {@code mappings}
   * @throws CollectionDamagedException if it was not made by {@link #body}
   */
  static CollectionIndex read(String prefix, String indexName, JsonNode index) {
    String name = indexName.substring(prefix.length() + 1);
    JsonNode meta = index.path("mappings").path("_meta");
    try {
      return new CollectionIndex(
          new CollectionName(name),
          indexName,
          new CollectionSettings(
              meta.path("dimension").asInt(),
              Similarity.valueOf(meta.path("similarity").asText()),
              meta.path("fingerprint").asText()),
          Instant.parse(meta.path("create-time").asText()),
          meta.path("approximate").asBoolean());
    } catch (IllegalArgumentException | DateTimeException | InvalidRequestException e) {
      throw new CollectionDamagedException(
          name, "the index '%s' is not one of this service".formatted(indexName));
    }
  }
}
