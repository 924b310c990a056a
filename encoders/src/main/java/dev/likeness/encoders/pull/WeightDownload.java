package dev.likeness.encoders.pull;

import dev.likeness.encoders.pull.DownloadException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches files of weights into the cache. What is there already is not asked for again; what broke
 * off is resumed, in this attempt or in a later run; what does not have the published hash is
 * deleted. Safe for several threads and processes.
 */
public final class WeightDownload {

  private static final int PIECE = 1 << 16;

  private final DownloadSettings settings;
  private final Map<String, String> environment;
  private final Disk disk;

  /** Opens the incomplete file for appending. Tests have smaller disks. */
  interface Disk {
    OutputStream append(CacheEntry entry) throws IOException;
  }

  /**
   * @param environment for the proxies, usually {@link System#getenv()}
   */
  public WeightDownload(DownloadSettings settings, Map<String, String> environment) {
    this(settings, environment, CacheEntry::append);
  }

  WeightDownload(DownloadSettings settings, Map<String, String> environment, Disk disk) {
    this.settings = settings;
    this.environment = Map.copyOf(environment);
    this.disk = disk;
  }

  /**
   * Gives the file of a source, from the cache or else from the first of its addresses that has it.
   *
   * @throws DownloadException if none can be had; the message says why
   */
  public DownloadedFile fetch(WeightSource source, DownloadProgress progress) {
    List<URI> addresses = source.addresses(settings);
    for (URI address : addresses) {
      CacheEntry entry = CacheEntry.of(settings.cache(), address);
      Optional<String> hash = entry.completeHash();
      if (hash.isPresent()) {
        return file(entry, address, hash.get(), true, true);
      }
    }
    DownloadException missing = null;
    for (URI address : addresses) {
      try {
        return fetch(address, progress);
      } catch (DownloadException failed) {
        if (failed.reason() != Reason.NOT_FOUND) {
          throw failed;
        }
        missing = missing == null ? failed : missing;
      }
    }
    throw missing == null ? new IllegalArgumentException("no address given") : missing;
  }

  private DownloadedFile fetch(URI address, DownloadProgress progress) {
    CacheEntry entry = CacheEntry.of(settings.cache(), address);
    try (CacheLock lock = entry.lock();
        WebClient client = new WebClient(environment, settings.stall())) {
      Optional<String> complete = entry.completeHash();
      if (complete.isPresent()) {
        return file(entry, address, complete.get(), true, true);
      }
      Optional<ExpectedHash> stated = transfer(client, entry, address, progress);
      Optional<ExpectedHash> expected = ExpectedHash.ofFileName(entry.name()).or(() -> stated);
      String actual = entry.hashOfPart();
      if (expected.isPresent() && !expected.get().matches(actual)) {
        entry.startPart(Optional.empty());
        throw new DownloadException(
            Reason.WRONG_HASH,
            "%s has the SHA-256 %s, published is %s; it was deleted, try again or another mirror"
                .formatted(WebAddress.printable(address), actual, expected.get().digits()));
      }
      entry.complete(actual);
      return file(entry, address, actual, expected.isPresent(), false);
    } catch (IOException failed) {
      throw new DownloadException(
          Reason.STORAGE_FAILED, "the cache cannot be unlocked: " + failed.getMessage(), failed);
    }
  }

  private static DownloadedFile file(
      CacheEntry entry, URI address, String sha256, boolean checked, boolean cached) {
    return new DownloadedFile(
        entry.file(), entry.name(), WebAddress.printable(address), sha256, checked, cached);
  }

  /** Attempts until the file is whole. Only attempts that bring nothing count against the limit. */
  private Optional<ExpectedHash> transfer(
      WebClient client, CacheEntry entry, URI address, DownloadProgress progress) {
    Duration pause = settings.pause();
    int fruitless = 0;
    long farthest = entry.partLength();
    while (true) {
      try {
        return new Attempt(client, entry, address, progress).run();
      } catch (IOException broken) {
        fruitless = entry.partLength() > farthest ? 0 : fruitless + 1;
        farthest = Math.max(farthest, entry.partLength());
        if (fruitless >= settings.attempts()) {
          throw new DownloadException(
              Reason.UNREACHABLE,
              "%s cannot be fetched (%s); %d bytes are kept, the same command resumes"
                  .formatted(WebAddress.printable(address), reason(broken), entry.partLength()),
              broken);
        }
        pause = fruitless == 0 ? settings.pause() : wait(pause);
      }
    }
  }

  private static Duration wait(Duration pause) {
    try {
      Thread.sleep(pause);
      return pause.multipliedBy(2);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new DownloadException(Reason.INTERRUPTED, "the download was interrupted", interrupted);
    }
  }

  private static String reason(IOException broken) {
    String message = broken.getMessage();
    return message == null || message.isBlank() ? "no connection" : message;
  }

  /** One request and its answer. An IOException means that another attempt may help. */
  private final class Attempt {

    private final WebClient client;
    private final CacheEntry entry;
    private final URI address;
    private final DownloadProgress progress;

    Attempt(WebClient client, CacheEntry entry, URI address, DownloadProgress progress) {
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
                  .formatted(entry.part(), reason(failed))
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
}
