package dev.likeness.embedder.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.likeness.embedder.PlatformResource;
import dev.likeness.embedder.TestImages;
import dev.likeness.embedder.v1.EmbedImageRequest;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.QuantizeEncoderRequest;
import dev.likeness.embedder.v1.QuantizeEncoderResponse;
import dev.likeness.embedder.v1.VerifyEncoderRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class QuantizeEncoderTest {

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @ConfigProperty(name = PlatformResource.IMPORTS)
  Path roots;

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
  void quantizesTellsProgressAndServesTheResult() throws Exception {
    // Given
    Path images = images("photos", 12);

    // When
    List<QuantizeEncoderResponse> told = quantize(request(images).setForce(true));

    // Then
    QuantizeEncoderResponse last = told.getLast();
    Encoder encoder = last.getEncoder();
    assertThat(encoder.getName()).isEqualTo("likeness-mini-int8");
    assertThat(encoder.getOrigin()).startsWith("quantization, of likeness-mini/");
    assertThat(encoder.getBatchInvariant()).isTrue();
    assertThat(last.getFidelity().getImageCount()).isEqualTo(3);
    assertThat(last.getFidelity().getMeanCosine()).isGreaterThan(0.9);
    assertThat(told.subList(0, told.size() - 1)).noneMatch(QuantizeEncoderResponse::hasEncoder);
    assertThat(told)
        .filteredOn(QuantizeEncoderResponse::hasImagesDone)
        .extracting(QuantizeEncoderResponse::getImagesDone)
        .isSorted()
        .hasSize(2 * 9 + 3);
    assertThat(
            embedder
                .verifyEncoder(VerifyEncoderRequest.newBuilder().setName(encoder.getName()).build())
                .getPassed())
        .isTrue();
    assertThat(
            embedder
                .embedImage(
                    EmbedImageRequest.newBuilder()
                        .setEncoder(encoder.getName())
                        .setImage(ByteString.copyFrom(TestImages.jpeg(5)))
                        .build())
                .getEmbedding()
                .getFingerprint())
        .isEqualTo(encoder.getFingerprint());
  }

  @Test
  void refusesWhatItCannotUse() throws Exception {
    Path images = images("few", 3);

    assertThat(reason(request(images))).isEqualTo("QUANTIZATION_TOO_FEW_IMAGES");
    assertThat(reason(request(Path.of("/etc")))).isEqualTo("PATH_OUTSIDE_ROOTS");
    assertThat(reason(request(images).setName("absent"))).isEqualTo("ENCODER_NOT_FOUND");
    assertThat(reason(request(images).setName(""))).isEqualTo("INVALID_ARGUMENT");
    assertThat(reason(request(images).setPackageName("../x"))).isEqualTo("INVALID_ARGUMENT");
    assertThat(reason(request(images).setImageCount(5))).isEqualTo("INVALID_ARGUMENT");
    assertThat(reason(request(images).setImagesPath(""))).isEqualTo("INVALID_ARGUMENT");
  }

  private static QuantizeEncoderRequest.Builder request(Path images) {
    return QuantizeEncoderRequest.newBuilder()
        .setName("likeness-mini")
        .setImagesPath(images.toString());
  }

  private List<QuantizeEncoderResponse> quantize(QuantizeEncoderRequest.Builder request) {
    List<QuantizeEncoderResponse> told = new ArrayList<>();
    embedder.quantizeEncoder(request.build()).forEachRemaining(told::add);
    return told;
  }

  private String reason(QuantizeEncoderRequest.Builder request) throws Exception {
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> quantize(request));
    assertThat(failure.getStatus().getCode()).isNotEqualTo(Code.INTERNAL);
    return StatusProto.fromThrowable(failure).getDetailsList().stream()
        .filter(detail -> detail.is(ErrorInfo.class))
        .findFirst()
        .orElseThrow()
        .unpack(ErrorInfo.class)
        .getReason();
  }

  private Path images(String name, int count) throws Exception {
    Path folder = Files.createDirectories(roots.resolve(name));
    for (int i = 0; i < count; i++) {
      Files.write(folder.resolve("image%d.jpg".formatted(i)), TestImages.jpeg(i));
    }
    return folder;
  }
}
