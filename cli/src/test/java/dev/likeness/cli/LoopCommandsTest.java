package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
          .contains("120 training images, +20 since the last report; 1 policies");
      CommandLineRun counted =
          CommandLineRun.against(
              platform, directory, "dataset", "changed", "--data", ".", "--json");
      assertThat(counted.out()).contains("{\"training_images\":120,\"added\":20,\"policies\":1}");
      CommandLineRun policies = CommandLineRun.against(platform, directory, "dataset", "policies");
      assertThat(policies.out()).contains("20 of 5 new images", "last job auto-1");
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
              .addPolicies(policy())
              .build());
      replies.onCompleted();
    }

    @Override
    public void listTrainingPolicies(
        ListTrainingPoliciesRequest request, StreamObserver<ListTrainingPoliciesResponse> replies) {
      replies.onNext(
          ListTrainingPoliciesResponse.newBuilder()
              .addPolicies(policy().setImageCount(120).setLastJobId("auto-1"))
              .build());
      replies.onCompleted();
    }
  }
}
