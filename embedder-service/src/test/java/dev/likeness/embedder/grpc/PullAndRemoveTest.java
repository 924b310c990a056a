package dev.likeness.embedder.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.likeness.embedder.PlatformResource;
import dev.likeness.embedder.TestImages;
import dev.likeness.embedder.TestWeights;
import dev.likeness.embedder.WeightServer;
import dev.likeness.embedder.v1.EmbedImageRequest;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.EncoderState;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.embedder.v1.ListEncodersRequest;
import dev.likeness.embedder.v1.ListPublishedEncodersRequest;
import dev.likeness.embedder.v1.PublishedEncoder;
import dev.likeness.embedder.v1.PullEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderResponse;
import dev.likeness.embedder.v1.RemoveEncoderRequest;
import dev.likeness.embedder.v1.RemoveEncoderResponse;
import dev.likeness.embedder.v1.VerifyEncoderRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class PullAndRemoveTest {

  private static final String NETWORK = "efficientnet-b0";
  private static final byte[] WEIGHTS = TestWeights.safetensors(NETWORK);

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @ConfigProperty(name = PlatformResource.IMPORTS)
  Path imports;

  @Inject WeightServer server;

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
  void pullsAFileTellsProgressAndServesIt() throws Exception {
    // When
    List<PullEncoderResponse> told =
        pull(file("weights.safetensors").setPackageName("from-file").setPooling("gem"));

    // Then
    assertThat(told.subList(0, told.size() - 1)).noneMatch(PullEncoderResponse::hasEncoder);
    assertThat(told)
        .extracting(PullEncoderResponse::getMessage)
        .contains("filling the network with the weights", "published as from-file/1");
    Encoder encoder = told.getLast().getEncoder();
    assertThat(encoder.getArchitecture()).isEqualTo(NETWORK);
    assertThat(encoder.getPooling()).isEqualTo("gem");
    assertThat(encoder.getOrigin()).contains("weights.safetensors");
    assertThat(encoder.hasTrained()).isFalse();
    assertThat(encoder.getNotesList()).anyMatch(note -> note.startsWith("names of tensors"));
    assertThat(verified("from-file")).isTrue();
    assertThat(dimension("from-file")).isEqualTo(1280);
  }

  @Test
  void publishesTheSameWeightsOnce() throws Exception {
    Encoder first = pull(file("same.safetensors").setPackageName("same")).getLast().getEncoder();

    PullEncoderResponse second = pull(file("same.safetensors").setPackageName("same")).getLast();

    assertThat(second.getAlreadyThere()).isTrue();
    assertThat(second.getEncoder()).isEqualTo(first);
  }

  @Test
  void fetchesFromAnAddressAndTellsTheBytes() {
    // Given
    URI address = server.put("/mirror/weights.safetensors", WEIGHTS);

    // When
    List<PullEncoderResponse> told =
        pull(request().setUrl(address.toString()).setPackageName("from-url"));

    // Then
    List<Long> received =
        told.stream()
            .filter(PullEncoderResponse::hasDownload)
            .map(message -> message.getDownload().getReceivedBytes())
            .toList();
    assertThat(received).isSorted().hasSizeBetween(2, 110);
    assertThat(received.getLast()).isEqualTo(WEIGHTS.length);
    assertThat(told)
        .extracting(PullEncoderResponse::getMessage)
        .contains("the publisher states no SHA-256 for this file; it could not be compared");
    assertThat(told.getLast().getEncoder().getOrigin()).contains(address.toString());
  }

  @Test
  void refusesPublishedWeightsWithAnotherHash() {
    server.put("/efficientnet_b0_rwightman-3dd342df.pth", WEIGHTS);

    StatusRuntimeException failure = failure(() -> pull(request().setPackageName("changed")));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(reason(failure)).isEqualTo("WEIGHTS_WRONG_HASH");
    assertThat(failure.getStatus().getDescription()).contains("published is 3dd342df");
    assertThat(names()).doesNotContain("changed");
  }

  @Test
  void saysWhereNothingWasFound() {
    StatusRuntimeException failure =
        failure(() -> pull(PullEncoderRequest.newBuilder().setName("resnet34")));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(reason(failure)).isEqualTo("WEIGHTS_NOT_FOUND");
    assertThat(failure.getStatus().getDescription()).contains("resnet34-b627a593.pth");
  }

  @Test
  void refusesAPickleThatRunsACommandAndSaysWhich() throws Exception {
    Path file = Files.write(imports.resolve("hostile.pth"), TestWeights.pickleThatRunsACommand());

    StatusRuntimeException failure =
        failure(() -> pull(request().setFilePath(file.toString()).setPackageName("hostile")));

    assertThat(failure.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(reason(failure)).isEqualTo("WEIGHTS_FORBIDDEN_OBJECT");
    assertThat(failure.getStatus().getDescription()).contains("posix").contains("system");
    assertThat(names()).doesNotContain("hostile");
  }

  @Test
  void refusesWeightsOfAnotherNetwork() throws Exception {
    StatusRuntimeException failure =
        failure(() -> pull(file("other.safetensors").setName("resnet34")));

    assertThat(reason(failure)).isEqualTo("WEIGHTS_TENSORS_DO_NOT_FIT");
    assertThat(failure.getStatus().getDescription()).contains("no tensor of resnet34");
  }

  @Test
  void namesTheFieldThatIsWrong() {
    assertThat(field(failure(() -> pull(request().setName("resnet18"))))).isEqualTo("name");
    assertThat(field(failure(() -> pull(request().setPackageName("Not A Name")))))
        .isEqualTo("package_name");
    assertThat(field(failure(() -> pull(request().setPooling("cls"))))).isEqualTo("pooling");
    assertThat(field(failure(() -> pull(request().setUrl("ftp://host/weights"))))).isEqualTo("url");
    assertThat(reason(failure(() -> pull(request().setFilePath("/etc/hostname")))))
        .isEqualTo("PATH_OUTSIDE_ROOTS");
    assertThat(reason(failure(() -> pull(request().setFilePath(imports.resolve("no").toString())))))
        .isEqualTo("WEIGHTS_FILE_NOT_READABLE");
  }

  /** Without messages while the download runs, it would end when the connection is given up. */
  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void tellsAtOnceAndStopsWhenTheCallerGoes() throws Exception {
    // Given a download that stands still in the middle
    String path = "/slow/weights.safetensors";
    CountDownLatch gone = new CountDownLatch(1);
    URI address = server.put(path, WEIGHTS);
    server.halfway(path, () -> await(gone));
    Context.CancellableContext caller = Context.current().withCancellation();

    // When the caller goes, and the rest comes later
    caller.run(
        () -> {
          Iterator<PullEncoderResponse> told =
              embedder.pullEncoder(
                  request().setUrl(address.toString()).setPackageName("abandoned").build());
          while (!told.next().hasDownload()) {
            continue;
          }
        });
    caller.cancel(null);
    // The server reads what comes on a connection in its order: it has met the end of the call.
    assertThat(names()).doesNotContain("abandoned");
    // Pulls are done one after another; this one waits behind the abandoned one.
    Iterator<PullEncoderResponse> next =
        embedder.pullEncoder(file("next.safetensors").setPackageName("next").build());
    gone.countDown();
    next.forEachRemaining(told -> {});

    // Then
    assertThat(names()).contains("next").doesNotContain("abandoned");
  }

  @Test
  void listsWhatCanBePulledInPages() {
    var first =
        embedder.listPublishedEncoders(
            ListPublishedEncodersRequest.newBuilder().setPageSize(11).build());
    var second =
        embedder.listPublishedEncoders(
            ListPublishedEncodersRequest.newBuilder()
                .setPageToken(first.getNextPageToken())
                .build());

    List<PublishedEncoder> all = new ArrayList<>(first.getEncodersList());
    all.addAll(second.getEncodersList());
    assertThat(all).extracting(PublishedEncoder::getName).isSorted().hasSize(12);
    PublishedEncoder resnet =
        all.stream().filter(each -> each.getName().equals("resnet50")).findFirst().orElseThrow();
    assertThat(resnet.getDimension()).isEqualTo(2048);
    assertThat(resnet.getParameterCount()).isBetween(23_000_000L, 24_000_000L);
    assertThat(resnet.getPoolingsList()).containsExactly("gap", "gem");
    assertThat(resnet.getLicence()).contains("BSD-3-Clause");
    assertThat(resnet.getUrl()).endsWith("/resnet50-0676ba61.pth");
    assertThat(resnet.getPreprocessing().getCropSize()).isEqualTo(224);
  }

  @Test
  void removesOneVersionThenAllAndGivesNoNumberTwice() throws Exception {
    // Given two versions, the newer one in memory
    pull(file("two.safetensors").setPackageName("two"));
    pull(file("two.safetensors").setPackageName("two").setPooling("gem"));
    dimension("two");

    // When
    RemoveEncoderResponse newer =
        embedder.removeEncoder(
            RemoveEncoderRequest.newBuilder().setName("two").setVersion(2).build());

    // Then the older one serves
    assertThat(newer.getVersionsList()).containsExactly(2);
    assertThat(newer.getFreedBytes()).isGreaterThan(WEIGHTS.length / 2);
    assertThat(encoder("two").getVersion()).isEqualTo(1);
    assertThat(encoder("two").getState()).isEqualTo(EncoderState.ENCODER_STATE_AVAILABLE);
    assertThat(dimension("two")).isEqualTo(1280);

    // When
    RemoveEncoderResponse rest =
        embedder.removeEncoder(RemoveEncoderRequest.newBuilder().setName("two").build());

    // Then
    assertThat(rest.getVersionsList()).containsExactly(1);
    assertThat(reason(failure(() -> dimension("two")))).isEqualTo("ENCODER_NOT_FOUND");
    assertThat(imports.resolveSibling("models").resolve("two"))
        .isDirectoryNotContaining(path -> Files.isDirectory(path));
    Encoder again = pull(file("two.safetensors").setPackageName("two")).getLast().getEncoder();
    assertThat(again.getVersion()).isEqualTo(3);
  }

  @Test
  void refusesToRemoveWhatIsBuiltInOrNotThere() {
    StatusRuntimeException builtIn =
        failure(
            () ->
                embedder.removeEncoder(
                    RemoveEncoderRequest.newBuilder().setName("likeness-mini").build()));
    StatusRuntimeException absent =
        failure(
            () ->
                embedder.removeEncoder(
                    RemoveEncoderRequest.newBuilder().setName("absent").setVersion(7).build()));

    assertThat(builtIn.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    assertThat(reason(builtIn)).isEqualTo("ENCODER_BUILT_IN");
    assertThat(reason(absent)).isEqualTo("ENCODER_NOT_FOUND");
    assertThat(dimension("likeness-mini")).isEqualTo(256);
  }

  private static PullEncoderRequest.Builder request() {
    return PullEncoderRequest.newBuilder().setName(NETWORK);
  }

  private PullEncoderRequest.Builder file(String name) throws IOException {
    return request().setFilePath(Files.write(imports.resolve(name), WEIGHTS).toString());
  }

  private List<PullEncoderResponse> pull(PullEncoderRequest.Builder request) {
    List<PullEncoderResponse> told = new ArrayList<>();
    embedder.pullEncoder(request.build()).forEachRemaining(told::add);
    return told;
  }

  private int dimension(String encoder) {
    return embedder
        .embedImage(
            EmbedImageRequest.newBuilder()
                .setEncoder(encoder)
                .setImage(ByteString.copyFrom(TestImages.jpeg(1)))
                .build())
        .getEmbedding()
        .getValuesCount();
  }

  private boolean verified(String name) {
    return embedder
        .verifyEncoder(VerifyEncoderRequest.newBuilder().setName(name).build())
        .getPassed();
  }

  private Encoder encoder(String name) {
    return embedder.getEncoder(GetEncoderRequest.newBuilder().setName(name).build()).getEncoder();
  }

  private List<String> names() {
    return embedder
        .listEncoders(ListEncodersRequest.getDefaultInstance())
        .getEncodersList()
        .stream()
        .map(Encoder::getName)
        .toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static StatusRuntimeException failure(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call);
  }

  private static String reason(StatusRuntimeException failure) {
    return detail(failure, ErrorInfo.class).getReason();
  }

  private static String field(StatusRuntimeException failure) {
    return detail(failure, BadRequest.class).getFieldViolations(0).getField();
  }

  private static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException failure, Class<T> type) {
    try {
      for (Any detail : StatusProto.fromThrowable(failure).getDetailsList()) {
        if (detail.is(type)) {
          return detail.unpack(type);
        }
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException broken) {
      throw new AssertionError(broken);
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + failure);
  }
}
