package dev.likeness.index.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.index.rerank.NumpyMatrix;
import dev.likeness.index.v1.CreateCollectionRequest;
import dev.likeness.index.v1.IndexServiceGrpc.IndexServiceBlockingStub;
import dev.likeness.index.v1.KReciprocal;
import dev.likeness.index.v1.MutinyIndexServiceGrpc.MutinyIndexServiceStub;
import dev.likeness.index.v1.Neighbor;
import dev.likeness.index.v1.PayloadValue;
import dev.likeness.index.v1.Query;
import dev.likeness.index.v1.QueryExpansion;
import dev.likeness.index.v1.QueryVector;
import dev.likeness.index.v1.Reranking;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SearchNeighborsResponse;
import dev.likeness.index.v1.Similarity;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.Vector;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@QuarkusTest
@TestProfile(IndexServiceProfile.class)
class RerankingGrpcTest {

  private static final float[][] GALLERY = NumpyMatrix.read("/rerank/gallery.npy");
  private static final float[][] QUERIES = NumpyMatrix.read("/rerank/query.npy");
  private static final Reranking K_RECIPROCAL =
      Reranking.newBuilder().setKReciprocal(KReciprocal.getDefaultInstance()).build();
  private static final Reranking QUERY_EXPANSION =
      Reranking.newBuilder().setQueryExpansion(QueryExpansion.getDefaultInstance()).build();

  @GrpcClient("index")
  IndexServiceBlockingStub index;

  @GrpcClient("index")
  MutinyIndexServiceStub streaming;

  private String name = "";

  @BeforeEach
  void createCollection(TestInfo test) {
    name = "reranking-" + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    create(name, Similarity.SIMILARITY_COSINE);
    var batch = UpsertVectorsRequest.newBuilder().setCollection(name);
    for (int g = 0; g < GALLERY.length; g++) {
      batch.addVectors(
          Vector.newBuilder()
              .setId("%05d".formatted(g))
              .addAllValues(values(GALLERY[g]).getValuesList())
              .putPayload("number", PayloadValue.newBuilder().setNumberValue(g).build()));
    }
    streaming
        .upsertVectors(Multi.createFrom().item(batch.build()))
        .collect()
        .asList()
        .await()
        .indefinitely();
  }

  @Test
  void ranksAllQueriesOfARequestTogether() {
    float[][] distances = NumpyMatrix.read("/rerank/k_reciprocal.distance.npy");
    SearchNeighborsResponse response = index.searchNeighbors(request(K_RECIPROCAL, 10).build());
    for (int q = 0; q < QUERIES.length; q++) {
      List<Neighbor> neighbors = response.getResults(q).getNeighborsList();
      assertThat(neighbors).hasSize(10);
      for (Neighbor neighbor : neighbors) {
        int g = Integer.parseInt(neighbor.getId());
        assertThat(neighbor.getScore()).isCloseTo(1 - distances[q][g], within(1e-5f));
        assertThat(neighbor.getPayloadOrThrow("number").getNumberValue()).isEqualTo(g);
      }
    }
  }

  @Test
  void expandsQueries() {
    float[][] similarities = NumpyMatrix.read("/rerank/alpha_query_expansion.similarity.npy");
    SearchNeighborsResponse response = index.searchNeighbors(request(QUERY_EXPANSION, 10).build());
    for (int q = 0; q < QUERIES.length; q++) {
      for (Neighbor neighbor : response.getResults(q).getNeighborsList()) {
        int g = Integer.parseInt(neighbor.getId());
        assertThat(neighbor.getScore()).isCloseTo(similarities[q][g], within(1e-5f));
      }
    }
  }

  @Test
  void explainsWhatIsWrongWithAReranking() {
    var k2 = KReciprocal.newBuilder().setK1(5).setK2(6);
    assertThat(refusal(request(Reranking.newBuilder().setKReciprocal(k2).build(), 1)))
        .isEqualTo("reranking.k_reciprocal.k2: must be 1 to 5, is 6");
    var zero = KReciprocal.newBuilder().setK1(0);
    assertThat(refusal(request(Reranking.newBuilder().setKReciprocal(zero).build(), 1)))
        .isEqualTo("reranking.k_reciprocal.k1: must be 1 to 50, is 0");
    var alpha = QueryExpansion.newBuilder().setAlpha(Double.NaN);
    assertThat(refusal(request(Reranking.newBuilder().setQueryExpansion(alpha).build(), 1)))
        .isEqualTo("reranking.query_expansion.alpha: must be 0 to 20, is NaN");
    assertThat(refusal(request(Reranking.getDefaultInstance(), 1)))
        .isEqualTo("reranking: must have a method, k_reciprocal or query_expansion");
    assertThat(refusal(request(K_RECIPROCAL, 1001)))
        .isEqualTo("k: must be 1 to 1000 with reranking, is 1001");
  }

  @Test
  void rerankingNeedsCosineSimilarity() {
    String other = name + "-product";
    create(other, Similarity.SIMILARITY_INNER_PRODUCT);
    assertThat(refusal(request(K_RECIPROCAL, 1).setCollection(other)))
        .isEqualTo(
            "reranking: needs a collection of cosine similarity, that of '%s' is the inner product; leave it out"
                .formatted(other));
  }

  private void create(String collection, Similarity similarity) {
    index.createCollection(
        CreateCollectionRequest.newBuilder()
            .setName(collection)
            .setDimension(GALLERY[0].length)
            .setSimilarity(similarity)
            .build());
  }

  private SearchNeighborsRequest.Builder request(Reranking reranking, int k) {
    var request =
        SearchNeighborsRequest.newBuilder().setCollection(name).setK(k).setReranking(reranking);
    for (float[] query : QUERIES) {
      request.addQueries(Query.newBuilder().setVector(values(query)));
    }
    return request;
  }

  private String refusal(SearchNeighborsRequest.Builder request) {
    var failure =
        Objects.requireNonNull(
            catchThrowableOfType(
                StatusRuntimeException.class, () -> index.searchNeighbors(request.build())));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    return String.valueOf(failure.getStatus().getDescription());
  }

  private static QueryVector values(float[] values) {
    QueryVector.Builder vector = QueryVector.newBuilder();
    for (float value : values) {
      vector.addValues(value);
    }
    return vector.build();
  }
}
