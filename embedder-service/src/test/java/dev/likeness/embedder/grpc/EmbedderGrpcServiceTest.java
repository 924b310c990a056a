package dev.likeness.embedder.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.likeness.embedder.PlatformResource;
import dev.likeness.embedder.TestImages;
import dev.likeness.embedder.TestOnnx;
import dev.likeness.embedder.v1.EmbedImageRequest;
import dev.likeness.embedder.v1.EmbedImageResponse;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.EncoderState;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.embedder.v1.ImportEncoderRequest;
import dev.likeness.embedder.v1.ImportEncoderResponse;
import dev.likeness.embedder.v1.ListEncodersRequest;
import dev.likeness.embedder.v1.LoadEncoderRequest;
import dev.likeness.embedder.v1.Preprocessing;
import dev.likeness.embedder.v1.UnloadEncoderRequest;
import dev.likeness.embedder.v1.VerifyEncoderRequest;
import dev.likeness.embedder.v1.VerifyEncoderResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class EmbedderGrpcServiceTest {

  private static final String MINI = "likeness-mini";

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @ConfigProperty(name = PlatformResource.IMPORTS)
  Path imports;

  private ManagedChannel channel;
  private EmbedderServiceGrpc.EmbedderServiceBlockingStub embedder;

  @BeforeEach
  void connect() {
    channel = ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    embedder = EmbedderServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void embedsAnImageAsAVectorOfUnitLength() {
    EmbedImageResponse response = embed(MINI, TestImages.jpeg(1));

    List<Float> values = response.getEmbedding().getValuesList();
    assertThat(values).hasSize(256);
    assertThat(values.stream().mapToDouble(value -> value * value).sum()).isBetween(0.9999, 1.0001);
    assertThat(response.getEmbedding().getFingerprint())
        .isEqualTo(encoder(MINI).getFingerprint())
        .matches("[0-9a-f]{64}");
    assertThat(response.getTiming().getBatchSize()).isPositive();
    assertThat(nanos(response.getTiming().getInference())).isPositive();
    assertThat(nanos(response.getTiming().getDecode())).isPositive();
  }

  private static long nanos(Duration duration) {
    return duration.getSeconds() * 1_000_000_000 + duration.getNanos();
  }

  @Test
  void vectorDoesNotDependOnWhoSharesTheBatch() throws Exception {
    List<Float> alone = embed(MINI, TestImages.jpeg(3)).getEmbedding().getValuesList();

    List<EmbedImagesResponse> crowd =
        stream(
            IntStream.range(0, 40)
                .mapToObj(i -> request(MINI, "k" + i, TestImages.jpeg(i % 2 == 0 ? 3 : i)))
                .toList());

    for (int i = 0; i < 40; i += 2) {
      List<Float> values = crowd.get(i).getEmbedding().getValuesList();
      for (int j = 0; j < values.size(); j++) {
        assertThat(values.get(j)).isCloseTo(alone.get(j), within());
      }
    }
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.data.Offset.offset(1e-5f);
  }

  @Test
  void everyImageOfAStreamHasItsOwnOutcomeInOrderOfArrival() throws Exception {
    // Given good and hostile images, more than fit into the window
    List<EmbedImagesRequest> requests = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      requests.add(request(i == 0 ? MINI : "", i + "-good", TestImages.jpeg(i)));
      requests.add(request("", i + "-truncated", TestImages.truncatedJpeg()));
      requests.add(request("", i + "-text", TestImages.text()));
      requests.add(request("", i + "-huge", TestImages.pngHeader(50_000, 50_000)));
      requests.add(request("", i + "-empty", new byte[0]));
    }

    // When
    List<EmbedImagesResponse> responses = stream(requests);

    // Then
    assertThat(responses)
        .extracting(EmbedImagesResponse::getKey)
        .containsExactlyElementsOf(requests.stream().map(EmbedImagesRequest::getKey).toList());
    for (EmbedImagesResponse response : responses) {
      String kind = response.getKey().substring(response.getKey().indexOf('-') + 1);
      switch (kind) {
        case "good" -> assertThat(response.getEmbedding().getValuesCount()).isEqualTo(256);
        case "truncated" -> assertThat(reason(response.getError())).isEqualTo("IMAGE_CORRUPT");
        case "text" ->
            assertThat(reason(response.getError())).isEqualTo("IMAGE_UNSUPPORTED_FORMAT");
        case "huge" -> assertThat(reason(response.getError())).isEqualTo("IMAGE_TOO_LARGE");
        default -> assertThat(reason(response.getError())).isEqualTo("IMAGE_EMPTY");
      }
    }
  }

  @Test
  void streamMayChangeItsEncoderAndGoesOnAfterAWrongName() throws Exception {
    List<EmbedImagesResponse> responses =
        stream(
            List.of(
                request("", "nameless", TestImages.jpeg(1)),
                request("resnet5O", "missing", TestImages.jpeg(1)),
                request(MINI, "k".repeat(1025), TestImages.jpeg(1)),
                request("", "good", TestImages.jpeg(1))));

    assertThat(reason(responses.get(0).getError())).isEqualTo("INVALID_ARGUMENT");
    assertThat(responses.get(0).getError().getMessage()).contains("names the encoder");
    assertThat(reason(responses.get(1).getError())).isEqualTo("ENCODER_NOT_FOUND");
    assertThat(responses.get(2).getError().getMessage()).contains("at most 1024 bytes");
    assertThat(responses.get(2).getKey()).hasSize(1024);
    assertThat(responses.get(3).hasEmbedding()).isTrue();
  }

  @Test
  void hostileImagesAreRefusedWithReasonAndField() {
    StatusRuntimeException failure = failure(() -> embed(MINI, TestImages.truncatedJpeg()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    Status status = StatusProto.fromThrowable(failure);
    assertThat(reason(status)).isEqualTo("IMAGE_CORRUPT");
    assertThat(field(status)).isEqualTo("image");
    assertThat(status.getMessage()).doesNotContain("Exception").doesNotContain("dev.likeness");
  }

  @Test
  void missingEncoderIsAnsweredWithTheNamesThatExist() {
    StatusRuntimeException failure = failure(() -> embed("resnet5O", TestImages.jpeg(1)));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(failure.getStatus().getDescription()).contains("resnet5O").contains(MINI);
    assertThat(reason(StatusProto.fromThrowable(failure))).isEqualTo("ENCODER_NOT_FOUND");
  }

  @Test
  void encoderNameIsRequired() {
    StatusRuntimeException failure = failure(() -> embed("", TestImages.jpeg(1)));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(field(StatusProto.fromThrowable(failure))).isEqualTo("encoder");
  }

  @Test
  void listsEncodersInPagesByName() throws Exception {
    importFile(TestOnnx.meanColour(), "aaa-first");

    var first = embedder.listEncoders(ListEncodersRequest.newBuilder().setPageSize(1).build());
    var all = embedder.listEncoders(ListEncodersRequest.getDefaultInstance());

    assertThat(first.getEncodersList()).extracting(Encoder::getName).containsExactly("aaa-first");
    assertThat(first.getNextPageToken()).isNotEmpty();
    assertThat(all.getEncodersList()).extracting(Encoder::getName).contains(MINI).isSorted();
  }

  @Test
  void describesTheBuiltInEncoder() {
    embed(MINI, TestImages.jpeg(1));

    Encoder mini = encoder(MINI);

    assertThat(mini.getState()).isEqualTo(EncoderState.ENCODER_STATE_ACTIVE);
    assertThat(mini.getDimension()).isEqualTo(256);
    assertThat(mini.getPreprocessing().getCropSize()).isEqualTo(96);
    assertThat(mini.getModelSizeBytes()).isPositive();
    assertThat(mini.getTrained()).isTrue();
    assertThat(mini.getCreateTime().getSeconds()).isPositive();
  }

  @Test
  void importsAnOnnxFileTellsProgressAndServesIt() throws Exception {
    // When
    List<ImportEncoderResponse> progress = importFile(TestOnnx.meanColour(), "mean-colour");

    // Then
    assertThat(progress).hasSizeGreaterThan(1);
    assertThat(progress.subList(0, progress.size() - 1))
        .noneMatch(ImportEncoderResponse::hasEncoder);
    Encoder imported = progress.getLast().getEncoder();
    assertThat(imported.getName()).isEqualTo("mean-colour");
    assertThat(imported.getDimension()).isEqualTo(3);
    assertThat(imported.getState()).isEqualTo(EncoderState.ENCODER_STATE_AVAILABLE);
    assertThat(embed("mean-colour", TestImages.jpeg(1)).getEmbedding().getValuesCount())
        .isEqualTo(3);
  }

  @Test
  void newVersionOfAServedEncoderTakesOverAndUnloadFreesIt() throws Exception {
    // Given
    importFile(TestOnnx.meanColour(), "growing");
    embed("growing", TestImages.jpeg(1));

    // When
    ImportEncoderRequest.Builder other = importRequest(imports.resolve("growing.onnx"), "growing");
    other.getPreprocessingBuilder().setStd(0, 0.25f);
    int second = importAll(other.build()).getLast().getEncoder().getVersion();
    Encoder loaded =
        embedder
            .loadEncoder(LoadEncoderRequest.newBuilder().setName("growing").build())
            .getEncoder();

    // Then
    assertThat(second).isEqualTo(2);
    assertThat(loaded.getVersion()).isEqualTo(2);
    assertThat(loaded.getState()).isEqualTo(EncoderState.ENCODER_STATE_ACTIVE);
    Encoder unloaded =
        embedder
            .unloadEncoder(UnloadEncoderRequest.newBuilder().setName("growing").build())
            .getEncoder();
    assertThat(unloaded.getState()).isEqualTo(EncoderState.ENCODER_STATE_AVAILABLE);
  }

  @Test
  void refusesImportsFromOutsideTheRoots() {
    StatusRuntimeException failure =
        failure(() -> importAll(importRequest("/etc/hostname", "outside").build()));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(reason(StatusProto.fromThrowable(failure))).isEqualTo("PATH_OUTSIDE_ROOTS");
  }

  @Test
  void refusesFilesThatAreNotOneImageEncoder() {
    StatusRuntimeException text = failure(() -> importFile(TestImages.text(), "not-onnx"));
    StatusRuntimeException twoImages =
        failure(() -> importFile(TestOnnx.twoImages(), "two-images"));
    StatusRuntimeException absent =
        failure(() -> importAll(importRequest(imports.resolve("no.onnx"), "absent").build()));

    for (StatusRuntimeException failure : List.of(text, twoImages, absent)) {
      assertThat(failure.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
      assertThat(reason(StatusProto.fromThrowable(failure))).isEqualTo("MODEL_INVALID");
      assertThat(failure.getStatus().getDescription()).doesNotContain("Exception");
    }
  }

  @Test
  void refusesImportsWithoutPreprocessingOrWithAWrongName() throws Exception {
    Path file = Files.write(imports.resolve("fields.onnx"), TestOnnx.meanColour());

    StatusRuntimeException name =
        failure(() -> importAll(importRequest(file, "Not A Name").build()));
    StatusRuntimeException preprocessing =
        failure(() -> importAll(importRequest(file, "fields").clearPreprocessing().build()));
    StatusRuntimeException pooling =
        failure(() -> importAll(importRequest(file, "fields").setPooling("max").build()));

    assertThat(field(StatusProto.fromThrowable(name))).isEqualTo("name");
    assertThat(field(StatusProto.fromThrowable(preprocessing))).isEqualTo("preprocessing");
    assertThat(field(StatusProto.fromThrowable(pooling))).isEqualTo("pooling");
  }

  @Test
  void damagedPackageIsReportedByVerificationAndNeverServed() throws Exception {
    // Given
    importFile(TestOnnx.meanColour(), "damaged");
    VerifyEncoderResponse before = verify("damaged");
    Path onnx = imports.resolveSibling("models").resolve("damaged/1/encoder.onnx");
    onnx.toFile().setWritable(true);
    Files.write(onnx, TestOnnx.twoImages());

    // When
    VerifyEncoderResponse after = verify("damaged");
    StatusRuntimeException failure = failure(() -> embed("damaged", TestImages.jpeg(1)));

    // Then
    assertThat(before.getPassed()).isTrue();
    assertThat(before.getGoldenCosine()).isGreaterThan(0.9999);
    assertThat(after.getPassed()).isFalse();
    assertThat(after.getChecksumMatches()).isFalse();
    assertThat(after.hasGoldenCosine()).isFalse();
    assertThat(after.getFailureReason()).contains("SHA-256");
    assertThat(failure.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(reason(StatusProto.fromThrowable(failure))).isEqualTo("ENCODER_NOT_LOADED");
    assertThat(encoder("damaged").getState()).isEqualTo(EncoderState.ENCODER_STATE_FAILED);
  }

  private VerifyEncoderResponse verify(String name) {
    return embedder.verifyEncoder(VerifyEncoderRequest.newBuilder().setName(name).build());
  }

  private EmbedImageResponse embed(String encoder, byte[] image) {
    return embedder.embedImage(
        EmbedImageRequest.newBuilder()
            .setEncoder(encoder)
            .setImage(ByteString.copyFrom(image))
            .build());
  }

  private Encoder encoder(String name) {
    return embedder.getEncoder(GetEncoderRequest.newBuilder().setName(name).build()).getEncoder();
  }

  private List<ImportEncoderResponse> importFile(byte[] onnx, String name) throws IOException {
    Path file = Files.write(imports.resolve(name + ".onnx"), onnx);
    return importAll(importRequest(file, name).build());
  }

  private List<ImportEncoderResponse> importAll(ImportEncoderRequest request) {
    List<ImportEncoderResponse> responses = new ArrayList<>();
    embedder.importEncoder(request).forEachRemaining(responses::add);
    return responses;
  }

  private static ImportEncoderRequest.Builder importRequest(Object path, String name) {
    return ImportEncoderRequest.newBuilder()
        .setModelPath(path.toString())
        .setName(name)
        .setPreprocessing(
            Preprocessing.newBuilder()
                .setResizeShorterSide(32)
                .setCropSize(32)
                .setFilter("bilinear")
                .addAllMean(List.of(0.5f, 0.5f, 0.5f))
                .addAllStd(List.of(0.5f, 0.5f, 0.5f)));
  }

  private static EmbedImagesRequest request(String encoder, String key, byte[] image) {
    return EmbedImagesRequest.newBuilder()
        .setEncoder(encoder)
        .setKey(key)
        .setImage(ByteString.copyFrom(image))
        .build();
  }

  private List<EmbedImagesResponse> stream(List<EmbedImagesRequest> requests) throws Exception {
    List<EmbedImagesResponse> responses = new ArrayList<>();
    CompletableFuture<List<EmbedImagesResponse>> done = new CompletableFuture<>();
    StreamObserver<EmbedImagesRequest> sender =
        EmbedderServiceGrpc.newStub(channel)
            .embedImages(
                new StreamObserver<>() {
                  @Override
                  public void onNext(EmbedImagesResponse response) {
                    responses.add(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    done.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    done.complete(responses);
                  }
                });
    requests.forEach(sender::onNext);
    sender.onCompleted();
    return done.get(10, TimeUnit.MINUTES);
  }

  private static StatusRuntimeException failure(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call);
  }

  private static String reason(Status status) {
    return detail(status, ErrorInfo.class).getReason();
  }

  private static String field(Status status) {
    return detail(status, BadRequest.class).getFieldViolations(0).getField();
  }

  private static <T extends com.google.protobuf.Message> T detail(Status status, Class<T> type) {
    try {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(type)) {
          return detail.unpack(type);
        }
      }
    } catch (InvalidProtocolBufferException broken) {
      throw new AssertionError(broken);
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + status);
  }
}
