package dev.likeness.index.grpc;

import com.google.protobuf.Timestamp;
import dev.likeness.index.collection.AliasChange;
import dev.likeness.index.collection.CollectionCheck;
import dev.likeness.index.collection.CollectionDescription;
import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.CollectionSettings;
import dev.likeness.index.collection.UpsertOutcome;
import dev.likeness.index.collection.VectorCollection;
import dev.likeness.index.collection.VectorInput;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.rerank.Augmentation;
import dev.likeness.index.rerank.KReciprocal;
import dev.likeness.index.rerank.QueryExpansion;
import dev.likeness.index.rerank.Reranking;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.v1.CheckCollectionResponse;
import dev.likeness.index.v1.CreateCollectionRequest;
import dev.likeness.index.v1.DeriveCollectionRequest;
import dev.likeness.index.v1.GetVectorsResponse;
import dev.likeness.index.v1.Neighbor;
import dev.likeness.index.v1.NeighborList;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SearchNeighborsResponse;
import dev.likeness.index.v1.UpsertVectorsResponse;
import dev.likeness.index.v1.Vector;
import dev.likeness.index.v1.VectorFailure;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Both conversions: messages to the domain and back. */
final class IndexMessages {

  private IndexMessages() {}

  // ---- to the domain

  static CollectionSettings settings(CreateCollectionRequest request) {
    return new CollectionSettings(
        request.getDimension(), similarity(request.getSimilarity()), request.getFingerprint());
  }

  static VectorInput input(Vector vector) {
    return new VectorInput(
        new VectorId(vector.getId()),
        payload(vector.getPayloadMap()),
        floats(vector.getValuesList()));
  }

  static List<VectorId> ids(List<String> ids) {
    return ids.stream().map(VectorId::new).toList();
  }

  static List<Query> queries(SearchNeighborsRequest request, VectorCollection collection) {
    List<dev.likeness.index.v1.Query> queries = request.getQueriesList();
    Query[] converted = new Query[queries.size()];
    for (int q = 0; q < converted.length; q++) {
      String field = "queries[" + q + "]";
      converted[q] = query(queries.get(q), field, collection);
    }
    return List.of(converted);
  }

  static Optional<Reranking> reranking(SearchNeighborsRequest request) {
    if (!request.hasReranking()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (request.getReranking().getMethodCase()) {
          case K_RECIPROCAL -> kReciprocal(request.getReranking().getKReciprocal());
          case QUERY_EXPANSION -> queryExpansion(request.getReranking().getQueryExpansion());
          case METHOD_NOT_SET ->
              throw new InvalidRequestException(
                  "reranking", "must have a method, k_reciprocal or query_expansion");
        });
  }

  private static KReciprocal kReciprocal(dev.likeness.index.v1.KReciprocal given) {
    KReciprocal usual = KReciprocal.DEFAULT;
    int k1 = given.hasK1() ? given.getK1() : usual.k1();
    return new KReciprocal(
        k1,
        given.hasK2() ? given.getK2() : Math.min(usual.k2(), Math.max(1, k1)),
        given.hasLambda() ? given.getLambda() : usual.lambda());
  }

  private static QueryExpansion queryExpansion(dev.likeness.index.v1.QueryExpansion given) {
    QueryExpansion usual = QueryExpansion.DEFAULT;
    return new QueryExpansion(
        given.hasN() ? given.getN() : usual.n(),
        given.hasAlpha() ? given.getAlpha() : usual.alpha());
  }

  static Augmentation augmentation(DeriveCollectionRequest given) {
    Augmentation usual = Augmentation.DEFAULT;
    return new Augmentation(
        given.hasN() ? given.getN() : usual.n(),
        given.hasAlpha() ? given.getAlpha() : usual.alpha());
  }

  static AliasChange aliasChange(dev.likeness.index.v1.AliasChange change) {
    CollectionName alias = CollectionName.of("alias", change.getAlias());
    return change.getCollection().isEmpty()
        ? new AliasChange.Remove(alias)
        : new AliasChange.Point(alias, CollectionName.of("collection", change.getCollection()));
  }

  private static Query query(
      dev.likeness.index.v1.Query query, String field, VectorCollection collection) {
    return switch (query.getSourceCase()) {
      case VECTOR ->
          collection.query(field + ".vector.values", floats(query.getVector().getValuesList()));
      case ID -> new Query.OfStored(new VectorId(query.getId()));
      case SOURCE_NOT_SET ->
          throw new InvalidRequestException(field, "must have a vector or an id");
    };
  }

  private static Similarity similarity(dev.likeness.index.v1.Similarity similarity) {
    return switch (similarity) {
      case SIMILARITY_UNSPECIFIED, SIMILARITY_COSINE -> Similarity.COSINE;
      case SIMILARITY_INNER_PRODUCT -> Similarity.INNER_PRODUCT;
      case UNRECOGNIZED ->
          throw new InvalidRequestException("similarity", "is none that this service knows");
    };
  }

  private static Payload payload(Map<String, dev.likeness.index.v1.PayloadValue> fields) {
    Map<String, PayloadValue> values = new HashMap<>();
    fields.forEach((name, value) -> values.put(name, payloadValue("payload", name, value)));
    return Payload.of(values);
  }

  static PayloadValue payloadValue(
      String part, String name, dev.likeness.index.v1.PayloadValue value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> new PayloadValue.TextValue(value.getStringValue());
      case NUMBER_VALUE -> new PayloadValue.NumberValue(value.getNumberValue());
      case BOOL_VALUE -> new PayloadValue.BooleanValue(value.getBoolValue());
      case KIND_NOT_SET ->
          throw new InvalidRequestException(part, "field '" + name + "' has no value");
    };
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  // ---- to messages

  static dev.likeness.index.v1.Collection collection(CollectionDescription description) {
    var message =
        dev.likeness.index.v1.Collection.newBuilder()
            .setName(description.name().value())
            .setVectorCount(description.vectorCount())
            .setSizeBytes(description.sizeBytes())
            .setEngine(description.engine())
            .setFailureReason(description.failureReason().orElse(""));
    description.aliases().forEach(alias -> message.addAliases(alias.value()));
    description
        .settings()
        .ifPresent(
            settings ->
                message
                    .setDimension(settings.dimension())
                    .setSimilarity(similarity(settings.similarity()))
                    .setFingerprint(settings.fingerprint()));
    description.use().ifPresent(use -> EngineMessages.put(use, message));
    description.createTime().ifPresent(time -> message.setCreateTime(timestamp(time)));
    return message.build();
  }

  static UpsertVectorsResponse upserted(UpsertOutcome outcome, List<Vector> vectors) {
    var message = UpsertVectorsResponse.newBuilder().setUpsertedCount(outcome.upsertedCount());
    for (UpsertOutcome.Refused refused : outcome.refused()) {
      message.addFailures(
          VectorFailure.newBuilder()
              .setPosition(refused.position())
              .setId(vectors.get(refused.position()).getId())
              .setError(StatusMapping.outcome(refused.reason()).toStatus()));
    }
    return message.build();
  }

  static GetVectorsResponse vectors(
      List<String> ids, List<Optional<VectorChange.Put>> found, boolean omitValues) {
    var message = GetVectorsResponse.newBuilder();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).isPresent()) {
        message.addVectors(vector(found.get(i).get(), omitValues));
      } else {
        message.addMissingIds(ids.get(i));
      }
    }
    return message.build();
  }

  static SearchNeighborsResponse neighbors(SearchResult result) {
    var message =
        SearchNeighborsResponse.newBuilder()
            .setMatchingCount(result.matchingCount())
            .setEngine(result.byGraph() ? "graph" : "exact");
    for (dev.likeness.index.search.NeighborList answer : result.answers()) {
      var list =
          NeighborList.newBuilder()
              .setVisitedCount(answer.visitedCount())
              .setRescoredCount(answer.rescoredCount());
      for (dev.likeness.index.search.Neighbor neighbor : answer.neighbors()) {
        list.addNeighbors(
            Neighbor.newBuilder()
                .setId(neighbor.id().value())
                .setScore(neighbor.score())
                .putAllPayload(payload(neighbor.payload())));
      }
      message.addResults(list);
    }
    return message.build();
  }

  static CheckCollectionResponse check(CollectionCheck check) {
    var message =
        CheckCollectionResponse.newBuilder()
            .setPassed(check.passed())
            .setReadableCount(check.readableCount())
            .addAllProblems(check.problems());
    check.acknowledgedCount().ifPresent(message::setAcknowledgedCount);
    return message.build();
  }

  private static Vector vector(VectorChange.Put put, boolean omitValues) {
    var message = Vector.newBuilder().setId(put.id().value()).putAllPayload(payload(put.payload()));
    if (!omitValues) {
      for (float value : put.values()) {
        message.addValues(value);
      }
    }
    return message.build();
  }

  private static Map<String, dev.likeness.index.v1.PayloadValue> payload(Payload payload) {
    if (payload.isEmpty()) {
      return Map.of();
    }
    Map<String, dev.likeness.index.v1.PayloadValue> fields = new HashMap<>();
    payload.fields().forEach((name, value) -> fields.put(name, payloadValue(value)));
    return fields;
  }

  private static dev.likeness.index.v1.PayloadValue payloadValue(PayloadValue value) {
    var message = dev.likeness.index.v1.PayloadValue.newBuilder();
    return switch (value) {
      case PayloadValue.TextValue(String text) -> message.setStringValue(text).build();
      case PayloadValue.NumberValue(double number) -> message.setNumberValue(number).build();
      case PayloadValue.BooleanValue(boolean flag) -> message.setBoolValue(flag).build();
    };
  }

  private static dev.likeness.index.v1.Similarity similarity(Similarity similarity) {
    return switch (similarity) {
      case COSINE -> dev.likeness.index.v1.Similarity.SIMILARITY_COSINE;
      case INNER_PRODUCT -> dev.likeness.index.v1.Similarity.SIMILARITY_INNER_PRODUCT;
    };
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
