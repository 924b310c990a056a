package dev.likeness.embedder.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.likeness.embedder.PlatformResource;
import dev.likeness.embedder.TestImages;
import dev.likeness.embedder.TestOnnx;
import dev.likeness.embedder.v1.ChosenMember;
import dev.likeness.embedder.v1.CreateEnsembleRequest;
import dev.likeness.embedder.v1.CreateEnsembleResponse;
import dev.likeness.embedder.v1.EmbedImageRequest;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.EnsembleMember;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.embedder.v1.ImportEncoderRequest;
import dev.likeness.embedder.v1.ImportEncoderResponse;
import dev.likeness.embedder.v1.Preprocessing;
import dev.likeness.embedder.v1.RemoveEncoderRequest;
import dev.likeness.embedder.v1.VerifyEncoderRequest;
import dev.likeness.embedder.v1.VerifyEncoderResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
class EnsembleTest {

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
  void joinsEncodersThatPrepareImagesDifferentlyAndOutlivesThem() throws Exception {
    // Given
    imported("dark", 0.1f, "stored");
    imported("light", 0.9f, "stored");
    double[] dark = unit(embed("dark"));
    double[] light = unit(embed("light"));

    // When
    List<CreateEnsembleResponse> told = create("dark+light", "concat", "dark", "light");
    List<CreateEnsembleResponse> again = create("dark+light", "concat", "dark", "light");
    embedder.removeEncoder(RemoveEncoderRequest.newBuilder().setName("dark").build());
    embedder.removeEncoder(RemoveEncoderRequest.newBuilder().setName("light").build());

    // Then
    Encoder ensemble = told.getLast().getEncoder();
    assertThat(told.subList(0, told.size() - 1)).noneMatch(CreateEnsembleResponse::hasEncoder);
    assertThat(told.getLast().getAlreadyThere()).isFalse();
    assertThat(again.getLast().getAlreadyThere()).isTrue();
    assertThat(again.getLast().getEncoder().getVersion()).isEqualTo(ensemble.getVersion());
    assertThat(ensemble.getFusion()).isEqualTo("concat");
    assertThat(ensemble.getDimension()).isEqualTo(6);
    assertThat(ensemble.getMembersList())
        .extracting(EnsembleMember::getName)
        .containsExactly("dark", "light");
    assertThat(ensemble.getMembers(1).getPreprocessing().getMean(0)).isEqualTo(0.9f);
    assertThat(ensemble.getMembers(1).getWeight()).isEqualTo(0.5);
    double[] joined = unit(embed("dark+light"));
    for (int i = 0; i < 3; i++) {
      assertThat(joined[i]).isCloseTo(dark[i] * Math.sqrt(0.5), within(1e-6));
      assertThat(joined[3 + i]).isCloseTo(light[i] * Math.sqrt(0.5), within(1e-6));
    }
    VerifyEncoderResponse verified = verify("dark+light");
    assertThat(verified.getPassed()).isTrue();
    assertThat(verified.getImagesPerSecond()).isPositive();
    assertThat(encoder("dark+light").getImagesPerSecond()).isPositive();
    assertThat(ensemble.hasImagesPerSecond()).isFalse();
  }

  @Test
  void refusesEnsemblesThatAreNone() throws Exception {
    imported("alone", 0.2f, "stored");

    StatusRuntimeException one = failure(() -> create("x", "", "alone"));
    StatusRuntimeException unknown = failure(() -> create("x", "", "alone", "nobody"));
    StatusRuntimeException lengths = failure(() -> create("x", "", "alone", "likeness-mini"));
    StatusRuntimeException scores = failure(() -> create("x", "scores", "alone", "likeness-mini"));
    StatusRuntimeException name = failure(() -> create("X y", "", "alone", "likeness-mini"));

    assertThat(reason(one)).isEqualTo("ENSEMBLE_INVALID");
    assertThat(reason(unknown)).isEqualTo("ENCODER_NOT_FOUND");
    assertThat(reason(lengths)).isEqualTo("ENSEMBLE_INVALID");
    assertThat(lengths.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(lengths.getStatus().getDescription())
        .contains("3 (alone), 256 (likeness-mini)")
        .contains("--projection");
    assertThat(reason(scores)).isEqualTo("INVALID_ARGUMENT");
    assertThat(scores.getStatus().getDescription()).contains("min-max");
    assertThat(reason(name)).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void orientationBelongsToTheEncoderAndTheSameImportIsOneVersion() throws Exception {
    ImportEncoderResponse stored = imported("turned", 0.3f, "");
    ImportEncoderResponse again = imported("turned", 0.3f, "stored");
    ImportEncoderResponse exif = imported("turned", 0.3f, "exif");
    StatusRuntimeException wrong = failure(() -> imported("turned", 0.3f, "upwards"));

    assertThat(stored.getEncoder().getPreprocessing().getOrientation()).isEqualTo("stored");
    assertThat(again.getAlreadyThere()).isTrue();
    assertThat(again.getEncoder().getVersion()).isEqualTo(1);
    assertThat(exif.getAlreadyThere()).isFalse();
    assertThat(exif.getEncoder().getVersion()).isEqualTo(2);
    assertThat(exif.getEncoder().getPreprocessing().getOrientation()).isEqualTo("exif");
    assertThat(exif.getEncoder().getFingerprint())
        .isNotEqualTo(stored.getEncoder().getFingerprint());
    assertThat(wrong.getStatus().getDescription()).contains("one of stored, exif");
  }

  private List<CreateEnsembleResponse> create(String name, String fusion, String... members) {
    CreateEnsembleRequest.Builder request =
        CreateEnsembleRequest.newBuilder().setName(name).setFusion(fusion);
    for (String member : members) {
      request.addMembers(ChosenMember.newBuilder().setName(member));
    }
    List<CreateEnsembleResponse> told = new ArrayList<>();
    embedder.createEnsemble(request.build()).forEachRemaining(told::add);
    return told;
  }

  private ImportEncoderResponse imported(String name, float mean, String orientation)
      throws IOException {
    Path file = Files.write(imports.resolve(name + ".onnx"), TestOnnx.meanColour());
    List<ImportEncoderResponse> told = new ArrayList<>();
    embedder
        .importEncoder(
            ImportEncoderRequest.newBuilder()
                .setModelPath(file.toString())
                .setName(name)
                .setPreprocessing(
                    Preprocessing.newBuilder()
                        .setResizeShorterSide(32)
                        .setCropSize(32)
                        .setFilter("bilinear")
                        .setOrientation(orientation)
                        .addAllMean(List.of(mean, mean, mean))
                        .addAllStd(List.of(0.5f, 0.5f, 0.5f)))
                .build())
        .forEachRemaining(told::add);
    return told.getLast();
  }

  private List<Float> embed(String encoder) {
    return embedder
        .embedImage(
            EmbedImageRequest.newBuilder()
                .setEncoder(encoder)
                .setImage(ByteString.copyFrom(TestImages.jpeg(2)))
                .build())
        .getEmbedding()
        .getValuesList();
  }

  private static double[] unit(List<Float> values) {
    return values.stream().mapToDouble(Float::doubleValue).toArray();
  }

  private Encoder encoder(String name) {
    return embedder.getEncoder(GetEncoderRequest.newBuilder().setName(name).build()).getEncoder();
  }

  private VerifyEncoderResponse verify(String name) {
    return embedder.verifyEncoder(VerifyEncoderRequest.newBuilder().setName(name).build());
  }

  private static StatusRuntimeException failure(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call);
  }

  private static String reason(StatusRuntimeException failure) throws IOException {
    return StatusProto.fromThrowable(failure).getDetailsList().stream()
        .filter(detail -> detail.is(ErrorInfo.class))
        .findFirst()
        .orElseThrow()
        .unpack(ErrorInfo.class)
        .getReason();
  }
}
