package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.gateway.v1.ChooseGalleryEngineRequest;
import dev.likeness.gateway.v1.ChooseGalleryEngineResponse;
import dev.likeness.gateway.v1.GalleryEngine;
import dev.likeness.gateway.v1.GalleryServiceGrpc.GalleryServiceImplBase;
import dev.likeness.trainer.v1.DatasetServiceGrpc.DatasetServiceImplBase;
import dev.likeness.trainer.v1.ListTrainingPoliciesRequest;
import dev.likeness.trainer.v1.ListTrainingPoliciesResponse;
import dev.likeness.trainer.v1.ReportDatasetChangeRequest;
import dev.likeness.trainer.v1.ReportDatasetChangeResponse;
import dev.likeness.trainer.v1.SetTrainingPolicyRequest;
import dev.likeness.trainer.v1.SetTrainingPolicyResponse;
import dev.likeness.trainer.v1.TrainingPolicy;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoopCommandsTest {

  @TempDir private Path directory;

  @Test
  void watchesADataSetAndTellsOfItsChanges() throws Exception {
    FakeDatasets datasets = new FakeDatasets();
    try (FakePlatform platform = FakePlatform.of(datasets)) {
      CommandLineRun watch =
          CommandLineRun.against(
              platform,
              directory,
              "dataset",
              "watch",
              "--data",
              ".",
              "--encoder",
              "mini",
              "--as",
              "pets",
              "--min-new-images",
              "5",
              "--cool-down",
              "30m",
              "--train",
              "all",
              "--json");
      assertThat(watch.exitCode()).as(watch.err()).isZero();
      assertThat(datasets.set.getMinNewImages()).isEqualTo(5);
      assertThat(datasets.set.getCoolDown().getSeconds()).isEqualTo(1800);
      assertThat(datasets.set.getSpec().getFineTune().getTrain()).isEqualTo("all");
      assertThat(watch.json().get("cool_down_seconds").asInt()).isEqualTo(1800);
      assertThat(watch.json().get("images").isNull()).isTrue();

      CommandLineRun changed =
          CommandLineRun.against(platform, directory, "dataset", "changed", "--data", ".");
      assertThat(changed.out())
          .contains("120 training images, +20 since the last report, 23 changed; 1 policies");
      CommandLineRun counted =
          CommandLineRun.against(
              platform, directory, "dataset", "changed", "--data", ".", "--json");
      assertThat(counted.out())
          .contains("{\"training_images\":120,\"added\":20,\"changed\":23,\"policies\":1}");
      CommandLineRun policies = CommandLineRun.against(platform, directory, "dataset", "policies");
      assertThat(policies.out()).contains("23 of 5 changed images", "last job auto-1");
    }
  }

  @Test
  void refusesACoolDownThatIsNone() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeDatasets())) {
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "dataset",
              "watch",
              "--data",
              ".",
              "--encoder",
              "mini",
              "--cool-down",
              "soon");
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains("--cool-down must be a time such as 90s, 30m or 1h");
    }
  }

  @Test
  void choosesTheEngineOfAGalleryAndTellsItsRecall() throws Exception {
    FakeGalleries galleries = new FakeGalleries();
    try (FakePlatform platform = FakePlatform.of(galleries)) {
      CommandLineRun run =
          CommandLineRun.against(
              platform, directory, "gallery", "engine", "pets", "graph", "--recall", "0.97");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(galleries.chosen.getName()).isEqualTo("pets");
      assertThat(galleries.chosen.getEngine()).isEqualTo("graph");
      assertThat(galleries.chosen.getTargetRecall()).isEqualTo(0.97);
      assertThat(run.out())
          .contains("pets: searched by graph, chosen: graph; 90 of 100 images by graph")
          .contains("finds 0.981 of the true neighbors (0.97 wanted)");
    }
  }

  @Test
  void refusesEnginesAndRecallsThatThereAreNot() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeGalleries())) {
      assertThat(usage(platform, "gallery", "engine", "pets", "magic"))
          .contains("ENGINE must be one of exact, graph, auto, not 'magic'");
      assertThat(usage(platform, "gallery", "engine", "pets", "graph", "--recall", "95"))
          .contains("--recall must be 0.5 to 1, not 95.0");
      assertThat(usage(platform, "gallery", "engine", "pets", "--recall", "0.9"))
          .contains("--recall needs an engine");
    }
  }

  private String usage(FakePlatform platform, String... arguments) {
    CommandLineRun run = CommandLineRun.against(platform, directory, arguments);
    assertThat(run.exitCode()).isEqualTo(2);
    return run.err();
  }

  private static final class FakeGalleries extends GalleryServiceImplBase {
    private volatile ChooseGalleryEngineRequest chosen =
        ChooseGalleryEngineRequest.getDefaultInstance();

    @Override
    public void chooseGalleryEngine(
        ChooseGalleryEngineRequest request, StreamObserver<ChooseGalleryEngineResponse> replies) {
      chosen = request;
      replies.onNext(
          ChooseGalleryEngineResponse.newBuilder()
              .setEngine(
                  GalleryEngine.newBuilder()
                      .setChosen(request.getEngine())
                      .setUsed("graph")
                      .setTargetRecall(request.getTargetRecall())
                      .setMeasuredRecall(0.981)
                      .setVectorCount(100)
                      .setGraphVectorCount(90))
              .build());
      replies.onCompleted();
    }
  }

  private static final class FakeDatasets extends DatasetServiceImplBase {
    private volatile SetTrainingPolicyRequest set = SetTrainingPolicyRequest.getDefaultInstance();

    private TrainingPolicy.Builder policy() {
      return TrainingPolicy.newBuilder()
          .setSpec(set.getSpec())
          .setMinNewImages(set.getMinNewImages())
          .setCoolDown(set.getCoolDown())
          .setCountedImageCount(100);
    }

    @Override
    public void setTrainingPolicy(
        SetTrainingPolicyRequest request, StreamObserver<SetTrainingPolicyResponse> replies) {
      set = request;
      replies.onNext(SetTrainingPolicyResponse.newBuilder().setPolicy(policy()).build());
      replies.onCompleted();
    }

    @Override
    public void reportDatasetChange(
        ReportDatasetChangeRequest request, StreamObserver<ReportDatasetChangeResponse> replies) {
      replies.onNext(
          ReportDatasetChangeResponse.newBuilder()
              .setTrainingImageCount(120)
              .setAddedImageCount(20)
              .setChangedImageCount(23)
              .addPolicies(policy())
              .build());
      replies.onCompleted();
    }

    @Override
    public void listTrainingPolicies(
        ListTrainingPoliciesRequest request, StreamObserver<ListTrainingPoliciesResponse> replies) {
      replies.onNext(
          ListTrainingPoliciesResponse.newBuilder()
              .addPolicies(
                  policy().setImageCount(120).setChangedImageCount(23).setLastJobId("auto-1"))
              .build());
      replies.onCompleted();
    }
  }
}
