package dev.likeness.embedder.grpc;

import dev.likeness.embedder.v1.DownloadProgress;
import dev.likeness.embedder.v1.PullEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderResponse;
import dev.likeness.encoders.architecture.Network;
import dev.likeness.encoders.pull.DownloadSettings;
import dev.likeness.encoders.pull.PublishedEncoder;
import dev.likeness.encoders.pull.PullRequest;
import dev.likeness.encoders.pull.WeightSource;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.Pooling;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Messages about pulling to domain and back. */
final class PullMessages {

  private PullMessages() {}

  /**
   * @throws InvalidFieldException if a field cannot have its value
   * @throws PathOutsideRootsException if the file may not be read
   */
  static PullRequest request(PullEncoderRequest message, FileRoots roots)
      throws PathOutsideRootsException {
    PublishedEncoder encoder =
        EmbedderMessages.checked("name", () -> PublishedEncoder.require(message.getName()));
    return new PullRequest(
        encoder,
        from(message, roots),
        message.getPackageName().isEmpty()
            ? null
            : EmbedderMessages.checked(
                "package_name", () -> new EncoderName(message.getPackageName())),
        message.getPooling().isEmpty()
            ? null
            : EmbedderMessages.checked(
                "pooling",
                () -> encoder.architecture().requirePooling(Pooling.parse(message.getPooling()))),
        message.getMirrorAverage());
  }

  private static @Nullable String from(PullEncoderRequest message, FileRoots roots)
      throws PathOutsideRootsException {
    return switch (message.getSourceCase()) {
      case FILE_PATH -> roots.resolve(message.getFilePath()).toString();
      case URL ->
          EmbedderMessages.checked("url", () -> WeightSource.Address.parse(message.getUrl()))
              .address()
              .toString();
      case SOURCE_NOT_SET -> null;
    };
  }

  static PullEncoderResponse.Builder told(String sentence) {
    return PullEncoderResponse.newBuilder().setMessage(sentence);
  }

  static PullEncoderResponse received(long bytes, OptionalLong total) {
    DownloadProgress.Builder progress = DownloadProgress.newBuilder().setReceivedBytes(bytes);
    total.ifPresent(progress::setTotalBytes);
    return PullEncoderResponse.newBuilder().setDownload(progress).build();
  }

  static dev.likeness.embedder.v1.PublishedEncoder published(
      PublishedEncoder encoder, DownloadSettings settings) {
    Network network = encoder.architecture().build();
    dev.likeness.embedder.v1.PublishedEncoder.Builder message =
        dev.likeness.embedder.v1.PublishedEncoder.newBuilder()
            .setName(encoder.name())
            .setParameterCount(network.parameterCount())
            .setDimension(network.dimension())
            .setPreprocessing(EmbedderMessages.preprocessing(encoder.architecture().preprocess()))
            .setLicence(encoder.licence())
            .setUrl(encoder.address(settings));
    encoder.architecture().poolings().stream()
        .map(EmbedderMessages::lower)
        .forEach(message::addPoolings);
    return message.build();
  }
}
