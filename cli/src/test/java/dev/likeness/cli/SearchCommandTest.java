package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.gateway.v1.CompetitionServiceGrpc.CompetitionServiceImplBase;
import dev.likeness.gateway.v1.FoundImage;
import dev.likeness.gateway.v1.GetRunRequest;
import dev.likeness.gateway.v1.GetRunResponse;
import dev.likeness.gateway.v1.ListRunsRequest;
import dev.likeness.gateway.v1.ListRunsResponse;
import dev.likeness.gateway.v1.Run;
import dev.likeness.gateway.v1.RunResult;
import dev.likeness.gateway.v1.RunState;
import dev.likeness.gateway.v1.SearchByImageRequest;
import dev.likeness.gateway.v1.SearchByImageResponse;
import dev.likeness.gateway.v1.SearchServiceGrpc.SearchServiceImplBase;
import dev.likeness.index.v1.PayloadValue;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchCommandTest {
  private static final Run RUN =
      Run.newBuilder()
          .setId("run-1")
          .setState(RunState.RUN_STATE_SUCCEEDED)
          .setResult(RunResult.newBuilder().setCollection("gallery-1"))
          .build();

  @TempDir private Path directory;

  @BeforeEach
  void makeImage() throws Exception {
    Files.writeString(directory.resolve("a.jpg"), "image");
  }

  @Test
  void searchesTheNewestRunByDefault() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeRuns(RUN), new FakeSearch())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(platform, directory, "search", "a.jpg", "-k", "1", "--json");

      // Then
      assertThat(run.out().strip())
          .isEqualTo(
              "{\"collection\":\"gallery-1\",\"matching_count\":7,\"images\":[{\"id\":\"b.jpg\",\"score\":0.5,\"attributes\":{\"brand\":\"acme\",\"file\":\"b.jpg\",\"price\":20.0,\"sold\":false}}]}");
    }
  }

  @Test
  void sendsTheFilterAsItIsWrittenAndShowsWhatIsKnown() throws Exception {
    FakeSearch search = new FakeSearch();
    try (FakePlatform platform = FakePlatform.of(new FakeRuns(RUN), search)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform, directory, "search", "a.jpg", "--filter", "brand = \"acme\"");

      // Then
      assertThat(search.asked.getFilterExpression()).isEqualTo("brand = \"acme\"");
      assertThat(run.out()).contains("0.5000  b.jpg  brand=acme  price=20  sold=false");
      assertThat(run.out() + run.err()).contains("Images that the filter allows: 7.");
    }
  }

  @Test
  void pointsAtThePlaceThatTheGatewayCannotRead() throws Exception {
    FakeSearch search = new FakeSearch();
    search.refusal =
        FakePlatform.refusal(
            Code.INVALID_ARGUMENT,
            "FILTER_INVALID",
            "the filter cannot be read at character 9: a value is missing\n  brand =\n          ^");
    try (FakePlatform platform = FakePlatform.of(new FakeRuns(RUN), search)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(platform, directory, "search", "a.jpg", "--filter", "brand =");

      // Then
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("a value is missing\n  brand =\n          ^");
    }
  }

  @Test
  void searchesTheCollectionOfANamedRun() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeRuns(RUN), new FakeSearch())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(platform, directory, "search", "a.jpg", "--in", "run-1", "--json");

      // Then
      assertThat(run.json().get("collection").asText()).isEqualTo("gallery-1");
    }
  }

  @Test
  void takesANameThatIsNoRunAsACollection() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeRuns(RUN), new FakeSearch())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(platform, directory, "search", "a.jpg", "--in", "shoes", "--json");

      // Then
      assertThat(run.json().get("collection").asText()).isEqualTo("shoes");
    }
  }

  @Test
  void saysWhatToDoWhenThereIsNothingToSearch() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeRuns(null), new FakeSearch())) {
      // When
      CommandLineRun run = CommandLineRun.against(platform, directory, "search", "a.jpg");

      // Then
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("there is no finished run to search");
    }
  }

  private static final class FakeRuns extends CompetitionServiceImplBase {
    private final Run run;

    FakeRuns(Run run) {
      this.run = run;
    }

    @Override
    public void getRun(GetRunRequest request, StreamObserver<GetRunResponse> response) {
      if (run == null || !request.getId().equals(run.getId())) {
        response.onError(FakePlatform.refusal(Code.NOT_FOUND, "RUN_NOT_FOUND", "no such run"));
        return;
      }
      response.onNext(GetRunResponse.newBuilder().setRun(run).build());
      response.onCompleted();
    }

    @Override
    public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> response) {
      ListRunsResponse.Builder runs = ListRunsResponse.newBuilder();
      runs.addRuns(Run.newBuilder().setId("run-2").setState(RunState.RUN_STATE_RUNNING));
      if (run != null) {
        runs.addRuns(run);
      }
      response.onNext(runs.build());
      response.onCompleted();
    }
  }

  private static final class FakeSearch extends SearchServiceImplBase {
    private SearchByImageRequest asked = SearchByImageRequest.getDefaultInstance();
    private StatusRuntimeException refusal;

    @Override
    public void searchByImage(
        SearchByImageRequest request, StreamObserver<SearchByImageResponse> response) {
      asked = request;
      if (refusal != null) {
        response.onError(refusal);
        return;
      }
      response.onNext(
          SearchByImageResponse.newBuilder()
              .setMatchingCount(7)
              .addImages(
                  FoundImage.newBuilder()
                      .setId("b.jpg")
                      .setScore(0.5f)
                      .putAttributes("file", text("b.jpg"))
                      .putAttributes("price", PayloadValue.newBuilder().setNumberValue(20).build())
                      .putAttributes("brand", text("acme"))
                      .putAttributes("sold", PayloadValue.newBuilder().setBoolValue(false).build()))
              .build());
      response.onCompleted();
    }

    private static PayloadValue text(String value) {
      return PayloadValue.newBuilder().setStringValue(value).build();
    }
  }
}
