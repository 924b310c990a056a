package dev.likeness.cli.platform;

import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Progress;
import dev.likeness.embedder.v1.DownloadProgress;
import dev.likeness.embedder.v1.PullEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderResponse;
import java.util.Iterator;

/** Takes published weights into the model store and shows how far that is. */
public final class EncoderPulls {
  private final Platform platform;

  /** Pulls by the embedder of a platform. */
  public EncoderPulls(Platform platform) {
    this.platform = platform;
  }

  /**
   * Pulls to the end.
   *
   * @return the last message, which carries the encoder
   */
  public PullEncoderResponse run(PullEncoderRequest request, Progress progress) {
    Iterator<PullEncoderResponse> messages = platform.embedder().pullEncoder(request);
    while (messages.hasNext()) {
      PullEncoderResponse message = messages.next();
      if (message.hasDownload()) {
        show(request.getName(), message.getDownload(), progress);
      }
      if (!message.getMessage().isEmpty()) {
        progress.note(message.getMessage());
      }
      if (message.hasEncoder()) {
        progress.close();
        return message;
      }
    }
    throw CommandFailure.failed(
        "PULL_INCOMPLETE",
        "the pull ended without an encoder; './likeness logs embedder' shows why");
  }

  private static void show(String name, DownloadProgress download, Progress progress) {
    progress.showBytes(
        "fetching " + name,
        download.getReceivedBytes(),
        download.hasTotalBytes() ? download.getTotalBytes() : 0);
  }
}
