package dev.likeness.index.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.config.IndexReadiness;
import dev.likeness.index.opensearch.OpenSearchNodes;
import dev.likeness.index.v1.Collection;
import dev.likeness.index.v1.CreateCollectionRequest;
import dev.likeness.index.v1.GetCollectionRequest;
import dev.likeness.index.v1.IndexServiceGrpc.IndexServiceBlockingStub;
import dev.likeness.index.v1.MutinyIndexServiceGrpc.MutinyIndexServiceStub;
import dev.likeness.index.v1.Query;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.UpsertVectorsResponse;
import dev.likeness.index.v1.Vector;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;

/** The whole service with its collections in a cluster: only the configuration is another. */
@QuarkusTest
@TestProfile(OpenSearchEngineTest.Profile.class)
@QuarkusTestResource(value = OpenSearchEngineTest.Node.class, restrictToAnnotatedClass = true)
class OpenSearchEngineTest {

  /** The usual profile, with ports of its own. */
  public static final class Profile implements io.quarkus.test.junit.QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return new IndexServiceProfile().getConfigOverrides();
    }
  }

  /** One node. */
  public static final class Node implements QuarkusTestResourceLifecycleManager {

    private OpenSearchNodes nodes;

    @Override
    public Map<String, String> start() {
      try {
        nodes = OpenSearchNodes.start(Files.createTempDirectory("likeness-opensearch-"), 1, 512);
        return Map.of(
            "likeness.index.engine", "opensearch",
            "likeness.index.opensearch.url", nodes.urls().getFirst().toString(),
            "likeness.index.opensearch.replicas", "0",
            "likeness.index.opensearch.timeout", "20s");
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void inject(TestInjector injector) {
      injector.injectIntoFields(nodes, new TestInjector.MatchesType(OpenSearchNodes.class));
    }

    @Override
    public void stop() {
      try {
        nodes.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @GrpcClient("index")
  IndexServiceBlockingStub index;

  @GrpcClient("index")
  MutinyIndexServiceStub streaming;

  @Inject @Readiness IndexReadiness readiness;

  @Inject VectorStore store;

  OpenSearchNodes nodes;

  @Test
  void servesTheContractUntilTheClusterIsGone() throws Exception {
    // Given
    index.createCollection(
        CreateCollectionRequest.newBuilder().setName("shoes").setDimension(2).build());
    List<UpsertVectorsResponse> acknowledged =
        streaming
            .upsertVectors(
                Multi.createFrom()
                    .items(batch("a", 1, 0), batch("b", 0, 1), batch("too long", 1, 2, 3)))
            .collect()
            .asList()
            .await()
            .indefinitely();

    // When
    var found =
        index.searchNeighbors(
            SearchNeighborsRequest.newBuilder()
                .setCollection("shoes")
                .addQueries(Query.newBuilder().setId("a"))
                .setK(5)
                .build());
    Collection described = get().getCollection();
    HealthCheckResponse ready = readiness.call();
    nodes.kill(0);

    // Then
    assertThat(acknowledged)
        .extracting(UpsertVectorsResponse::getUpsertedCount)
        .containsExactly(1, 1, 0);
    assertThat(found.getResults(0).getNeighbors(0).getId()).isEqualTo("b");
    assertThat(described.getVectorCount()).isEqualTo(2);
    assertThat(described.getEngine()).isEqualTo("opensearch-exact");
    assertThat(ready.getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    assertThat(readiness.call().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
    var failure = catchThrowableOfType(StatusRuntimeException.class, this::get);
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.getStatus().getDescription()).startsWith("could not ");
  }

  private dev.likeness.index.v1.GetCollectionResponse get() {
    return index.getCollection(GetCollectionRequest.newBuilder().setName("shoes").build());
  }

  private static UpsertVectorsRequest batch(String id, float... values) {
    var vector = Vector.newBuilder().setId(id);
    for (float value : values) {
      vector.addValues(value);
    }
    return UpsertVectorsRequest.newBuilder().setCollection("shoes").addVectors(vector).build();
  }
}
