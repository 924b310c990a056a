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
import io.grpc.Status.Code;
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
              "{\"collection\":\"gallery-1\",\"images\":[{\"id\":\"b.jpg\",\"score\":0.5}]}");
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
    @Override
    public void searchByImage(
        SearchByImageRequest request, StreamObserver<SearchByImageResponse> response) {
      response.onNext(
          SearchByImageResponse.newBuilder()
              .addImages(FoundImage.newBuilder().setId("b.jpg").setScore(0.5f))
              .build());
      response.onCompleted();
    }
  }
}
