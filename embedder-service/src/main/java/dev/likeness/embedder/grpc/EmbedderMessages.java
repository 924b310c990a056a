package dev.likeness.embedder.grpc;

import com.google.protobuf.Timestamp;
import dev.likeness.embedder.batching.EmbeddedImage;
import dev.likeness.embedder.serving.EncoderStatus;
import dev.likeness.embedder.serving.EncoderVerification;
import dev.likeness.embedder.serving.ServingState;
import dev.likeness.embedder.v1.EmbedTiming;
import dev.likeness.embedder.v1.Embedding;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.EncoderState;
import dev.likeness.embedder.v1.EnsembleMember;
import dev.likeness.embedder.v1.ImportEncoderRequest;
import dev.likeness.embedder.v1.Preprocessing;
import dev.likeness.embedder.v1.VerifyEncoderResponse;
import dev.likeness.encoders.imports.ImportRequest;
import dev.likeness.encoders.preprocess.Orientation;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.Ensemble;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.Pooling;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Messages of the contract to domain and back. */
final class EmbedderMessages {

  private EmbedderMessages() {}

  static Embedding embedding(EmbeddedBy embedded) {
    Embedding.Builder message =
        Embedding.newBuilder().setFingerprint(embedded.model().fingerprint().value());
    EmbeddedImage image = embedded.image();
    for (int i = 0; i < image.dimension(); i++) {
      message.addValues(image.value(i));
    }
    return message.build();
  }

  static EmbedTiming timing(EmbeddedImage.Timing timing) {
    return EmbedTiming.newBuilder()
        .setDecode(duration(timing.decode()))
        .setQueue(duration(timing.queue()))
        .setInference(duration(timing.inference()))
        .setBatchSize(timing.batchSize())
        .build();
  }

  static Encoder encoder(EncoderStatus status) {
    EncoderCard card = status.model().card();
    Origin origin = card.origin();
    Instant created = Instant.parse(card.createdAt());
    Encoder.Builder message = Encoder.newBuilder();
    if (origin.trained() != null) {
      message.setTrained(origin.trained());
    }
    if (status.imagesPerSecond() != null) {
      message.setImagesPerSecond(status.imagesPerSecond());
    }
    if (card.ensemble() != null) {
      message.setFusion(lower(card.ensemble().fusion()));
      card.ensemble().members().forEach(member -> message.addMembers(member(member)));
    }
    return message
        .setName(card.name())
        .setVersion(status.model().version().version())
        .setDimension(card.dimension())
        .setFingerprint(status.model().fingerprint().value())
        .setState(state(status.state()))
        .setFailureReason(status.failureReason())
        .setArchitecture(card.architecture())
        .setPreprocessing(preprocessing(card.preprocess()))
        .setPooling(lower(card.pooling()))
        .setProjection(card.projection() == null ? "" : card.projection().kind())
        .setModelSizeBytes(status.sizeBytes())
        .setOrigin(originText(origin))
        .setCreateTime(
            Timestamp.newBuilder().setSeconds(created.getEpochSecond()).setNanos(created.getNano()))
        .setBatchInvariant(card.batching().invariant())
        .addAllNotes(card.notes() == null ? List.of() : card.notes())
        .setLicence(origin.licence() == null ? "" : origin.licence())
        .build();
  }

  private static EnsembleMember member(Ensemble.Member member) {
    return EnsembleMember.newBuilder()
        .setName(member.name())
        .setVersion(member.version())
        .setFingerprint(member.fingerprint())
        .setWeight(member.weight())
        .setPreprocessing(preprocessing(member.preprocess()))
        .build();
  }

  static VerifyEncoderResponse verification(EncoderVerification verification) {
    VerifyEncoderResponse.Builder message =
        VerifyEncoderResponse.newBuilder()
            .setPassed(verification.passed())
            .setChecksumMatches(verification.checksumMatches())
            .setFailureReason(verification.failureReason());
    if (verification.golden() != null) {
      message
          .setGoldenCosine(verification.golden().cosine())
          .setGoldenMaxDifference(verification.golden().maxAbsoluteDifference());
    }
    if (verification.imagesPerSecond() != null) {
      message.setImagesPerSecond(verification.imagesPerSecond());
    }
    return message.build();
  }

  /**
   * @param file the checked path
   * @throws InvalidFieldException if a field cannot have its value
   */
  static ImportRequest importRequest(ImportEncoderRequest message, Path file) {
    return new ImportRequest(
        file,
        checked("name", () -> new EncoderName(message.getName())),
        checked("preprocessing", () -> preprocessSpec(message)),
        message.getOutput().isEmpty() ? null : message.getOutput(),
        checked(
            "pooling",
            () ->
                message.getPooling().isEmpty()
                    ? Pooling.NONE
                    : Pooling.parse(message.getPooling())));
  }

  private static PreprocessSpec preprocessSpec(ImportEncoderRequest message) {
    if (!message.hasPreprocessing()) {
      throw new IllegalArgumentException(
          "preprocessing is required: resize, crop size, filter, mean and std of the network");
    }
    Preprocessing preprocessing = message.getPreprocessing();
    return PreprocessSpec.of(
            preprocessing.getResizeShorterSide(),
            preprocessing.getCropSize(),
            filter(preprocessing.getFilter()),
            preprocessing.getMeanList(),
            preprocessing.getStdList())
        .with(Orientation.parse(preprocessing.getOrientation()));
  }

  private static ResizeFilter filter(String name) {
    return switch (name) {
      case "bilinear" -> ResizeFilter.BILINEAR;
      case "bicubic" -> ResizeFilter.BICUBIC;
      default ->
          throw new IllegalArgumentException(
              "filter is one of bilinear, bicubic; got '" + name + "'");
    };
  }

  static <T> T checked(String field, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException invalid) {
      throw new InvalidFieldException(field, String.valueOf(invalid.getMessage()));
    }
  }

  static Preprocessing preprocessing(PreprocessSpec spec) {
    return Preprocessing.newBuilder()
        .setResizeShorterSide(spec.resizeShorterSide())
        .setCropSize(spec.cropSize())
        .setFilter(lower(spec.filter()))
        .addAllMean(spec.mean())
        .addAllStd(spec.std())
        .setOrientation(lower(spec.orientation()))
        .build();
  }

  private static String originText(Origin origin) {
    List<String> parts = new ArrayList<>(List.of(origin.kind()));
    if (origin.source() != null) {
      parts.add("of " + origin.source());
    }
    if (origin.sourceSha256() != null) {
      parts.add("sha256 " + origin.sourceSha256());
    }
    if (origin.jobId() != null) {
      parts.add("by job " + origin.jobId());
    }
    if (origin.seed() != null) {
      parts.add("seed " + origin.seed());
    }
    return String.join(", ", parts);
  }

  private static EncoderState state(ServingState state) {
    return switch (state) {
      case AVAILABLE -> EncoderState.ENCODER_STATE_AVAILABLE;
      case LOADING -> EncoderState.ENCODER_STATE_LOADING;
      case ACTIVE -> EncoderState.ENCODER_STATE_ACTIVE;
      case FAILED -> EncoderState.ENCODER_STATE_FAILED;
    };
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.toSeconds())
        .setNanos(duration.toNanosPart())
        .build();
  }
}
