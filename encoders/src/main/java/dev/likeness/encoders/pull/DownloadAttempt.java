package dev.likeness.encoders.pull;

import dev.likeness.encoders.pull.DownloadException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One request and its answer. An IOException means that another attempt may help. */
final class DownloadAttempt {

  private static final int PIECE = 1 << 16;

  private final DownloadSettings settings;
  private final WebClient client;
  private final WeightDownload.Disk disk;
  private final CacheEntry entry;
  private final URI address;
  private final DownloadProgress progress;

  DownloadAttempt(
      DownloadSettings settings,
      WebClient client,
      WeightDownload.Disk disk,
      CacheEntry entry,
      URI address,
      DownloadProgress progress) {
    this.settings = settings;
    this.disk = disk;
    this.client = client;
    this.entry = entry;
    this.address = address;
    this.progress = progress;
  }

  Optional<ExpectedHash> run() throws IOException {
    long have = entry.partLength();
    Map<String, String> headers = new HashMap<>();
    Optional<String> tag = entry.partTag();
    if (have > 0 && tag.isPresent()) {
      headers.put("Range", "bytes=%d-".formatted(have));
      headers.put("If-Range", tag.get());
    }
    // Compressed transfer would make ranges and lengths mean something else.
    headers.put("Accept-Encoding", "identity");
    try (WebClient.Answer answer = client.get(address, headers, token())) {
      return switch (answer.status()) {
        case 200 -> fromTheStart(answer);
        case 206 -> resumed(answer, have);
        case 416 -> isWhole(answer, have) ? stated(answer) : outOfRange();
        default -> throw refused(answer);
      };
    }
  }

  private Optional<String> token() {
    return WebAddress.sameOrigin(address, settings.huggingFace())
        ? settings.huggingFaceToken()
        : Optional.empty();
  }

  private Optional<ExpectedHash> fromTheStart(WebClient.Answer answer) throws IOException {
    entry.startPart(answer.header("ETag").filter(tag -> !tag.startsWith("W/")));
    copy(answer, 0);
    return stated(answer);
  }

  private Optional<ExpectedHash> resumed(WebClient.Answer answer, long have) throws IOException {
    String range = answer.header("Content-Range").orElse("");
    if (!range.startsWith("bytes " + have + "-")) {
      return outOfRange();
    }
    copy(answer, have);
    return stated(answer);
  }

  /** Nothing is left to send: an earlier run ended before it could say so. */
  private static boolean isWhole(WebClient.Answer answer, long have) {
    return have > 0
        && answer.header("Content-Range").filter(("bytes */" + have)::equals).isPresent();
  }

  /** What we have is not a beginning of what they have. */
  private Optional<ExpectedHash> outOfRange() throws IOException {
    entry.startPart(Optional.empty());
    throw new IOException("the server does not resume");
  }

  private static Optional<ExpectedHash> stated(WebClient.Answer answer) {
    return answer.linkedTag().flatMap(ExpectedHash::ofEntityTag);
  }

  private void copy(WebClient.Answer answer, long have) throws IOException {
    OptionalLong length = answer.response().headers().firstValueAsLong("Content-Length");
    OptionalLong total =
        length.isPresent() ? OptionalLong.of(have + length.getAsLong()) : OptionalLong.empty();
    InputStream in = answer.response().body();
    long received = have;
    progress.received(received, total);
    try (StallWatch watch = new StallWatch(in, settings.stall());
        OutputStream out = open()) {
      byte[] piece = new byte[PIECE];
      for (int read = watch.read(piece); read >= 0; read = watch.read(piece)) {
        write(out, piece, read);
        received += read;
        progress.received(received, total);
      }
    }
    if (total.isPresent() && received < total.getAsLong()) {
      throw new IOException(
          "the connection broke after %d of %d bytes".formatted(received, total.getAsLong()));
    }
  }

  private OutputStream open() {
    try {
      return disk.append(entry);
    } catch (IOException failed) {
      throw full(failed);
    }
  }

  private void write(OutputStream out, byte[] piece, int length) {
    try {
      out.write(piece, 0, length);
    } catch (IOException failed) {
      throw full(failed);
    }
  }

  private DownloadException full(IOException failed) {
    return new DownloadException(
        Reason.STORAGE_FAILED,
        "%s cannot be written (%s); make room or choose another LIKENESS_CACHE, the same command"
                .formatted(entry.part(), WeightDownload.reason(failed))
            + " resumes",
        failed);
  }

  private DownloadException refused(WebClient.Answer answer) throws IOException {
    String shown = WebAddress.printable(address);
    int status = answer.status();
    if (status == 404 || status == 410) {
      return new DownloadException(
          Reason.NOT_FOUND,
          "%s does not exist (status %d); download the weights elsewhere and give the file"
              .formatted(shown, status));
    }
    if (status == 401 || status == 403) {
      return new DownloadException(
          Reason.ACCESS_DENIED,
          "%s is not given to everyone (status %d); set HF_TOKEN, or give a downloaded file"
              .formatted(shown, status));
    }
    if (status == 408 || status == 429 || status >= 500) {
      throw new IOException("the server answers with status " + status);
    }
    return new DownloadException(
        Reason.UNEXPECTED_ANSWER,
        "%s answers with status %d instead of a file".formatted(shown, status));
  }
}
