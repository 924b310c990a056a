package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.likeness.embedder.v1.ChosenMember;
import dev.likeness.embedder.v1.CreateEnsembleRequest;
import dev.likeness.embedder.v1.CreateEnsembleResponse;
import dev.likeness.embedder.v1.DownloadProgress;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderServiceGrpc.EmbedderServiceImplBase;
import dev.likeness.embedder.v1.Embedding;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.EncoderState;
import dev.likeness.embedder.v1.EnsembleMember;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.embedder.v1.GetEncoderResponse;
import dev.likeness.embedder.v1.ImportEncoderRequest;
import dev.likeness.embedder.v1.ImportEncoderResponse;
import dev.likeness.embedder.v1.ListEncodersRequest;
import dev.likeness.embedder.v1.ListEncodersResponse;
import dev.likeness.embedder.v1.ListPublishedEncodersRequest;
import dev.likeness.embedder.v1.ListPublishedEncodersResponse;
import dev.likeness.embedder.v1.Preprocessing;
import dev.likeness.embedder.v1.PublishedEncoder;
import dev.likeness.embedder.v1.PullEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderResponse;
import dev.likeness.embedder.v1.QuantizationFidelity;
import dev.likeness.embedder.v1.QuantizeEncoderRequest;
import dev.likeness.embedder.v1.QuantizeEncoderResponse;
import dev.likeness.embedder.v1.RemoveEncoderRequest;
import dev.likeness.embedder.v1.RemoveEncoderResponse;
import dev.likeness.embedder.v1.VerifyEncoderRequest;
import dev.likeness.embedder.v1.VerifyEncoderResponse;
import dev.likeness.trainer.v1.CreateTrainingJobRequest;
import dev.likeness.trainer.v1.CreateTrainingJobResponse;
import dev.likeness.trainer.v1.TrainerServiceGrpc.TrainerServiceImplBase;
import dev.likeness.trainer.v1.TrainingJob;
import dev.likeness.trainer.v1.TrainingJobState;
import dev.likeness.trainer.v1.TrainingSpec;
import dev.likeness.trainer.v1.WatchTrainingJobRequest;
import dev.likeness.trainer.v1.WatchTrainingJobResponse;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderCommandsTest {
  private static final Encoder MINI =
      Encoder.newBuilder()
          .setName("mini")
          .setVersion(2)
          .setDimension(3)
          .setState(EncoderState.ENCODER_STATE_ACTIVE)
          .setArchitecture("likeness-mini")
          .setFingerprint("0123456789abcdef")
          .setPreprocessing(Preprocessing.newBuilder().setCropSize(96))
          .setTrained(false)
          .setModelSizeBytes(1_500_000)
          .setBatchInvariant(true)
          .build();

  @TempDir private Path directory;

  @Test
  void embedsImagesUnderTheNamesTheyWereGivenBy() throws Exception {
    // Given
    Files.writeString(directory.resolve("a.jpg"), "good");
    Files.createDirectories(directory.resolve("sub"));
    Files.writeString(directory.resolve("sub/b.jpg"), "good");

    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform, directory, "embed", "a.jpg", "sub/b.jpg", "--encoder", "mini", "--json");

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.out().strip())
          .isEqualTo(
              "{\"encoder\":\"mini\",\"dimension\":3,\"vectors\":"
                  + "{\"a.jpg\":[0.6,0.8,0.1],\"sub/b.jpg\":[0.6,0.8,0.1]}}");
    }
  }

  @Test
  void keepsTheVectorsOfTheOtherImagesWhenOneFails() throws Exception {
    // Given
    Files.writeString(directory.resolve("a.jpg"), "good");
    Files.writeString(directory.resolve("b.jpg"), "bad");

    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform, directory, "embed", "b.jpg", "a.jpg", "--encoder", "mini", "--json");

      // Then
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.json().at("/vectors/a.jpg").size()).isEqualTo(3);
      assertThat(run.json().at("/vectors/b.jpg").isMissingNode()).isTrue();
      assertThat(run.json().at("/failures/b.jpg/reason").asText()).isEqualTo("IMAGE_CORRUPT");
      assertThat(run.json().at("/error/reason").asText()).isEqualTo("IMAGES_FAILED");
      assertThat(run.err()).contains("b.jpg: the JPEG ends too early");
    }
  }

  @Test
  void listsEncoders() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run = CommandLineRun.against(platform, directory, "encoders", "list");

      // Then
      assertThat(run.out())
          .isEqualTo(
              """
              name                     ver. values input  state           size images/s  fingerprint   kind
              mini                        2      3    96  active        1.5 MB  unknown  0123456789ab  likeness-mini, untrained
              """);
    }
  }

  @Test
  void importsAModelWithTheRealPathAndTheGivenPreprocessing() throws Exception {
    // Given
    Files.writeString(directory.resolve("m.onnx"), "model");
    FakeEmbedder embedder = new FakeEmbedder();

    try (FakePlatform platform = FakePlatform.of(embedder)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "encoders import m.onnx --name mini --resize 256 --size 224 --filter bicubic"
                  .concat(" --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --json")
                  .split(" "));

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().get("version").asInt()).isEqualTo(2);
      assertThat(embedder.imported.getModelPath())
          .isEqualTo(directory.toRealPath().resolve("m.onnx").toString());
      assertThat(embedder.imported.getPreprocessing().getResizeShorterSide()).isEqualTo(256);
      assertThat(embedder.imported.getPreprocessing().getStdList())
          .containsExactly(0.229f, 0.224f, 0.225f);
      assertThat(run.err()).contains("batch of 1, served one by one");
    }
  }

  @Test
  void failsWhenVerificationFindsADifference() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(platform, directory, "encoders", "verify", "mini", "--json");

      // Then
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.json().get("passed").asBoolean()).isFalse();
      assertThat(run.json().get("golden_cosine").isNull()).isTrue();
      assertThat(run.json().at("/error/message").asText()).contains("the file was changed");
    }
  }

  @Test
  void fitsAWhiteningProjectionAndSaysWhichVersionWasPublished() throws Exception {
    // Given
    Files.createDirectories(directory.resolve("data"));
    FakeTrainer trainer = new FakeTrainer();

    try (FakePlatform platform = FakePlatform.of(trainer)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "fit-whitening",
              "--data",
              "data",
              "--encoder",
              "mini",
              "--json");

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().get("encoder").asText()).isEqualTo("mini-white");
      assertThat(run.json().get("version").asInt()).isEqualTo(1);
      assertThat(trainer.received.getSpec().hasPcaWhitening()).isTrue();
      assertThat(run.err()).contains("embedding training images: 50 of 100");
    }
  }

  @Test
  void pullsFromAFileWithItsRealPathAndShowsTheBytes() throws Exception {
    // Given
    Files.writeString(directory.resolve("w.safetensors"), "weights");
    FakeEmbedder embedder = new FakeEmbedder();

    try (FakePlatform platform = FakePlatform.of(embedder)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "encoders pull resnet50 --from w.safetensors --name mini --pooling gem --flip --json"
                  .split(" "));

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().get("version").asInt()).isEqualTo(2);
      assertThat(run.json().get("already_there").asBoolean()).isFalse();
      Path folder = directory.toRealPath();
      assertThat(embedder.pulled)
          .isEqualTo(
              PullEncoderRequest.newBuilder()
                  .setName("resnet50")
                  .setFilePath(folder.resolve("w.safetensors").toString())
                  .setPackageName("mini")
                  .setPooling("gem")
                  .setMirrorAverage(true)
                  .build());
      assertThat(Files.readString(directory.resolve("home/roots"))).contains(folder.toString());
      assertThat(run.err())
          .contains("fetching resnet50: 51.1 MB of 102.2 MB")
          .contains("licence of the weights: BSD");
    }
  }

  @Test
  void fitsAProjectionToThePulledEncoderAndPublishesItBesideThePlainOne() throws Exception {
    // Given
    for (int i = 0; i < 9; i++) {
      Path image = directory.resolve("data/training/shoe/%d.jpg".formatted(i));
      Files.createDirectories(image.getParent());
      Files.writeString(image, "image");
    }
    FakeEmbedder embedder = new FakeEmbedder();
    FakeTrainer trainer = new FakeTrainer();

    try (FakePlatform platform = FakePlatform.of(embedder, trainer)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform, directory, "encoders pull mini --projection pca:data --json".split(" "));
      CommandLineRun chosen =
          CommandLineRun.against(
              platform,
              directory,
              "encoders pull mini --projection pca:data --projection-dimension 2 --name small"
                  .split(" "));

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(embedder.pulled.getPackageName()).isEmpty();
      assertThat(run.json().get("name").asText()).isEqualTo("mini-pca");
      assertThat(chosen.exitCode()).isZero();
      assertThat(trainer.specs)
          .extracting(
              TrainingSpec::getEncoder,
              TrainingSpec::getOutputEncoder,
              spec -> spec.getPcaWhitening().getDimension())
          .containsExactly(tuple("mini", "mini-pca", 3), tuple("mini", "small", 2));
    }
  }

  @Test
  void joinsProjectedEncodersAndPullsThoseThatAreNotThere() throws Exception {
    // Given
    for (int i = 0; i < 9; i++) {
      Path image = directory.resolve("data/training/shoe/%d.jpg".formatted(i));
      Files.createDirectories(image.getParent());
      Files.writeString(image, "image");
    }
    FakeEmbedder embedder = new FakeEmbedder();
    FakeTrainer trainer = new FakeTrainer();

    try (FakePlatform platform = FakePlatform.of(embedder, trainer)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "encoders ensemble absent+vit --projection pca:data --weights 2,1 --json".split(" "));

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(embedder.pulled.getName()).isEqualTo("absent");
      assertThat(trainer.specs)
          .extracting(TrainingSpec::getOutputEncoder, spec -> spec.getPcaWhitening().getDimension())
          .containsExactly(tuple("mini-pca", 3), tuple("vit-pca", 3));
      assertThat(embedder.joined.getName()).isEqualTo("absent+vit");
      assertThat(embedder.joined.getFusion()).isEqualTo("average");
      assertThat(embedder.joined.getMembersList())
          .extracting(ChosenMember::getName, ChosenMember::getVersion, ChosenMember::getWeight)
          .containsExactly(tuple("mini-pca", 1, 2.0), tuple("vit-pca", 1, 1.0));
      assertThat(run.json().get("fusion").asText()).isEqualTo("average");
      assertThat(run.json().at("/members/0/name").asText()).isEqualTo("mini-pca");
      assertThat(run.json().get("images_per_second").isNull()).isTrue();
      assertThat(run.json().get("licence").isNull()).isTrue();
    }
  }

  @Test
  void refusesEnsemblesThatCannotBe() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      for (String wrong :
          List.of(
              "alone",
              "a+a",
              "a++b",
              "x --members a",
              "x --members a,b --weights 1",
              "x --members a,b --weights 1,-1",
              "x --members a,b --weights 1,NaN",
              "x --members a,b --fusion sum",
              "x --members a,b --fusion scores")) {
        CommandLineRun run =
            CommandLineRun.against(platform, directory, ("encoders ensemble " + wrong).split(" "));

        assertThat(run.exitCode()).as(wrong).isEqualTo(2);
      }
    }
  }

  @Test
  void refusesAProjectionThatIsNone() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      for (String wrong :
          List.of(
              "--projection lda:data",
              "--projection pca:absent",
              "--projection-dimension 3",
              "--projection pca:. --name mini",
              "--projection pca:. --projection-dimension 0")) {
        CommandLineRun run =
            CommandLineRun.against(platform, directory, ("encoders pull mini " + wrong).split(" "));

        assertThat(run.exitCode()).as(wrong).isNotZero();
        assertThat(run.err()).as(wrong).containsAnyOf("--projection", "--name");
      }
    }
  }

  @Test
  void quantizesOnTheImagesOfAFolderAndShowsTheFidelity() throws Exception {
    // Given
    Files.createDirectory(directory.resolve("photos"));
    FakeEmbedder embedder = new FakeEmbedder();

    try (FakePlatform platform = FakePlatform.of(embedder)) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "encoders quantize mini --images photos --as small --count 64 --force --json"
                  .split(" "));
      CommandLineRun fewImages =
          CommandLineRun.against(
              platform, directory, "encoders quantize mini --images photos --count 7".split(" "));
      CommandLineRun noFolder =
          CommandLineRun.against(
              platform, directory, "encoders quantize mini --images absent".split(" "));

      // Then
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().get("version").asInt()).isEqualTo(2);
      assertThat(run.json().at("/fidelity/mean_cosine").asDouble()).isEqualTo(0.998);
      Path folder = directory.toRealPath().resolve("photos");
      assertThat(embedder.quantized)
          .isEqualTo(
              QuantizeEncoderRequest.newBuilder()
                  .setName("mini")
                  .setImagesPath(folder.toString())
                  .setPackageName("small")
                  .setImageCount(64)
                  .setForce(true)
                  .build());
      assertThat(Files.readString(directory.resolve("home/roots"))).contains(folder.toString());
      assertThat(run.err()).contains("running images: 50 of 100").contains("comparing");
      assertThat(fewImages.exitCode()).isEqualTo(2);
      assertThat(noFolder.err()).contains("there is no directory 'absent'");
    }
  }

  @Test
  void pullsFromAnAddressAndRefusesOtherSchemes() throws Exception {
    FakeEmbedder embedder = new FakeEmbedder();

    try (FakePlatform platform = FakePlatform.of(embedder)) {
      // When
      CommandLineRun web =
          CommandLineRun.against(
              platform, directory, "encoders", "pull", "resnet50", "--from", "HTTPS://host/w.pth");
      CommandLineRun other =
          CommandLineRun.against(
              platform, directory, "encoders", "pull", "resnet50", "--from", "ftp://host/w.pth");
      CommandLineRun missing =
          CommandLineRun.against(
              platform, directory, "encoders", "pull", "resnet50", "--from", "absent.pth");

      // Then
      assertThat(web.exitCode()).isZero();
      assertThat(embedder.pulled.getUrl()).isEqualTo("HTTPS://host/w.pth");
      assertThat(embedder.pulled.getPooling()).isEmpty();
      assertThat(other.exitCode()).isEqualTo(2);
      assertThat(other.err()).contains("begins with http:// or https://");
      assertThat(missing.err()).contains("there is no file 'absent.pth'");
    }
  }

  @Test
  void listsWhatCanBePulled() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(platform, directory, "encoders", "list", "--published");

      // Then
      assertThat(run.out())
          .isEqualTo(
              """
              name             parameters values  images               pooling; licence, source
              resnet50             23.6 M   2048  256 to 224 bilinear  gap,gem
                  BSD
                  https://host/w.pth
              """);
    }
  }

  @Test
  void removesAVersionAndSaysWhatStays() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeEmbedder())) {
      // When
      CommandLineRun run =
          CommandLineRun.against(
              platform, directory, "encoders", "remove", "mini", "--version", "2", "--json");
      CommandLineRun builtIn =
          CommandLineRun.against(platform, directory, "encoders", "remove", "mini", "--json");

      // Then
      assertThat(run.out().strip())
          .isEqualTo("{\"encoder\":\"mini\",\"versions\":[2],\"freed_bytes\":1500000}");
      assertThat(run.err()).contains("1.5 MB freed").contains("keep their vectors");
      assertThat(builtIn.exitCode()).isEqualTo(1);
      assertThat(builtIn.json().at("/error/reason").asText()).isEqualTo("ENCODER_BUILT_IN");
    }
  }

  private static final class FakeEmbedder extends EmbedderServiceImplBase {
    private volatile ImportEncoderRequest imported;
    private volatile PullEncoderRequest pulled;
    private volatile QuantizeEncoderRequest quantized;

    @Override
    public void quantizeEncoder(
        QuantizeEncoderRequest request, StreamObserver<QuantizeEncoderResponse> response) {
      quantized = request;
      response.onNext(
          QuantizeEncoderResponse.newBuilder().setImagesDone(50).setImagesTotal(100).build());
      response.onNext(QuantizeEncoderResponse.newBuilder().setMessage("comparing").build());
      response.onNext(
          QuantizeEncoderResponse.newBuilder()
              .setEncoder(MINI)
              .setFidelity(
                  QuantizationFidelity.newBuilder()
                      .setMeanCosine(0.998)
                      .setMinCosine(0.99)
                      .setImageCount(25))
              .build());
      response.onCompleted();
    }

    private volatile CreateEnsembleRequest joined;

    @Override
    public void createEnsemble(
        CreateEnsembleRequest request, StreamObserver<CreateEnsembleResponse> response) {
      joined = request;
      response.onNext(CreateEnsembleResponse.newBuilder().setMessage("joining").build());
      response.onNext(
          CreateEnsembleResponse.newBuilder()
              .setEncoder(
                  MINI.toBuilder()
                      .setName(request.getName())
                      .setFusion(request.getFusion())
                      .addMembers(
                          EnsembleMember.newBuilder().setName(request.getMembers(0).getName())))
              .build());
      response.onCompleted();
    }

    @Override
    public void getEncoder(GetEncoderRequest request, StreamObserver<GetEncoderResponse> response) {
      if (request.getName().equals("absent")) {
        response.onError(
            FakePlatform.refusal(Code.NOT_FOUND, "ENCODER_NOT_FOUND", "there is no 'absent'"));
        return;
      }
      response.onNext(
          GetEncoderResponse.newBuilder()
              .setEncoder(
                  MINI.toBuilder().setName(request.getName()).setVersion(request.getVersion()))
              .build());
      response.onCompleted();
    }

    @Override
    public void pullEncoder(
        PullEncoderRequest request, StreamObserver<PullEncoderResponse> response) {
      pulled = request;
      response.onNext(
          PullEncoderResponse.newBuilder()
              .setDownload(
                  DownloadProgress.newBuilder()
                      .setReceivedBytes(51_100_000)
                      .setTotalBytes(102_200_000))
              .build());
      response.onNext(
          PullEncoderResponse.newBuilder().setMessage("licence of the weights: BSD").build());
      response.onNext(PullEncoderResponse.newBuilder().setEncoder(MINI).build());
      response.onCompleted();
    }

    @Override
    public void listPublishedEncoders(
        ListPublishedEncodersRequest request,
        StreamObserver<ListPublishedEncodersResponse> response) {
      response.onNext(
          ListPublishedEncodersResponse.newBuilder()
              .addEncoders(
                  PublishedEncoder.newBuilder()
                      .setName("resnet50")
                      .setParameterCount(23_561_152)
                      .setDimension(2048)
                      .setPreprocessing(
                          Preprocessing.newBuilder()
                              .setResizeShorterSide(256)
                              .setCropSize(224)
                              .setFilter("bilinear"))
                      .addPoolings("gap")
                      .addPoolings("gem")
                      .setLicence("BSD")
                      .setUrl("https://host/w.pth"))
              .build());
      response.onCompleted();
    }

    @Override
    public void removeEncoder(
        RemoveEncoderRequest request, StreamObserver<RemoveEncoderResponse> response) {
      if (!request.hasVersion()) {
        response.onError(
            FakePlatform.refusal(
                Code.FAILED_PRECONDITION, "ENCODER_BUILT_IN", "'mini' is built in"));
        return;
      }
      response.onNext(
          RemoveEncoderResponse.newBuilder()
              .addVersions(request.getVersion())
              .setFreedBytes(1_500_000)
              .build());
      response.onCompleted();
    }

    @Override
    public StreamObserver<EmbedImagesRequest> embedImages(
        StreamObserver<EmbedImagesResponse> responses) {
      return new StreamObserver<>() {
        @Override
        public void onNext(EmbedImagesRequest request) {
          EmbedImagesResponse.Builder outcome =
              EmbedImagesResponse.newBuilder().setKey(request.getKey());
          if (request.getImage().toStringUtf8().equals("good")) {
            outcome.setEmbedding(
                Embedding.newBuilder().addValues(0.6f).addValues(0.8f).addValues(0.1f));
          } else {
            outcome.setError(
                FakePlatform.status(
                    Code.INVALID_ARGUMENT, "IMAGE_CORRUPT", "the JPEG ends too early"));
          }
          responses.onNext(outcome.build());
        }

        @Override
        public void onError(Throwable failure) {
          // the client has gone
        }

        @Override
        public void onCompleted() {
          responses.onCompleted();
        }
      };
    }

    @Override
    public void listEncoders(
        ListEncodersRequest request, StreamObserver<ListEncodersResponse> response) {
      response.onNext(ListEncodersResponse.newBuilder().addEncoders(MINI).build());
      response.onCompleted();
    }

    @Override
    public void importEncoder(
        ImportEncoderRequest request, StreamObserver<ImportEncoderResponse> response) {
      imported = request;
      response.onNext(
          ImportEncoderResponse.newBuilder().setMessage("batch of 1, served one by one").build());
      response.onNext(ImportEncoderResponse.newBuilder().setEncoder(MINI).build());
      response.onCompleted();
    }

    @Override
    public void verifyEncoder(
        VerifyEncoderRequest request, StreamObserver<VerifyEncoderResponse> response) {
      response.onNext(
          VerifyEncoderResponse.newBuilder()
              .setPassed(false)
              .setFailureReason("the file was changed")
              .build());
      response.onCompleted();
    }
  }

  private static final class FakeTrainer extends TrainerServiceImplBase {
    private final List<TrainingSpec> specs = new CopyOnWriteArrayList<>();
    private volatile CreateTrainingJobRequest received;

    @Override
    public void createTrainingJob(
        CreateTrainingJobRequest request, StreamObserver<CreateTrainingJobResponse> response) {
      received = request;
      specs.add(request.getSpec());
      response.onNext(
          CreateTrainingJobResponse.newBuilder()
              .setJob(TrainingJob.newBuilder().setId("job-1"))
              .build());
      response.onCompleted();
    }

    @Override
    public void watchTrainingJob(
        WatchTrainingJobRequest request, StreamObserver<WatchTrainingJobResponse> response) {
      TrainingJob.Builder job =
          TrainingJob.newBuilder()
              .setId(request.getId())
              .setSpec(received.getSpec())
              .setState(TrainingJobState.TRAINING_JOB_STATE_RUNNING)
              .setStage("embedding training images")
              .setProgress(0.5);
      response.onNext(WatchTrainingJobResponse.newBuilder().setJob(job).build());
      job.setState(TrainingJobState.TRAINING_JOB_STATE_SUCCEEDED).setPublishedVersion(1);
      response.onNext(WatchTrainingJobResponse.newBuilder().setJob(job).build());
      response.onCompleted();
    }
  }
}
