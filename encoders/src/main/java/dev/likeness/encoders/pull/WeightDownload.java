package dev.likeness.encoders.pull;

import dev.likeness.encoders.pull.CacheEntry.Complete;
import dev.likeness.encoders.pull.DownloadException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches files of weights into the cache. What is there already is not asked for again; what broke
 * off is resumed, in this attempt or in a later run; what does not have the published hash is
 * deleted. Safe for several threads and processes.
 */
public final class WeightDownload {

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
      Optional<Complete> complete = entry.complete();
      if (complete.isPresent()) {
        return file(entry, address, complete.get(), true);
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
      Optional<Complete> complete = entry.complete();
      if (complete.isPresent()) {
        return file(entry, address, complete.get(), true);
      }
      Optional<ExpectedHash> stated = transfer(client, entry, address, progress);
      Optional<ExpectedHash> expected = hashInName(address).or(() -> stated);
      String actual = entry.hashOfPart();
      if (expected.isPresent() && !expected.get().matches(actual)) {
        entry.startPart(Optional.empty());
        throw new DownloadException(
            Reason.WRONG_HASH,
            "%s has the SHA-256 %s, published is %s; it was deleted, try again or another mirror"
                .formatted(WebAddress.printable(address), actual, expected.get().digits()));
      }
      Complete fetched = new Complete(actual, expected.isPresent());
      entry.complete(fetched);
      return file(entry, address, fetched, false);
    } catch (IOException failed) {
      throw new DownloadException(
          Reason.STORAGE_FAILED, "the cache cannot be unlocked: " + failed.getMessage(), failed);
    }
  }

  /** Eight digits in a name are a hash where torchvision's names are; elsewhere often a date. */
  private Optional<ExpectedHash> hashInName(URI address) {
    return address.toString().startsWith(settings.torchvision().toString())
        ? ExpectedHash.ofFileName(WebAddress.fileName(address))
        : Optional.empty();
  }

  private static DownloadedFile file(CacheEntry entry, URI address, Complete file, boolean cached) {
    return new DownloadedFile(
        entry.file(),
        entry.name(),
        WebAddress.printable(address),
        file.sha256(),
        file.compared(),
        cached);
  }

  /** Attempts until the file is whole. Only attempts that bring nothing count against the limit. */
  private Optional<ExpectedHash> transfer(
      WebClient client, CacheEntry entry, URI address, DownloadProgress progress) {
    Duration pause = settings.pause();
    int fruitless = 0;
    long farthest = entry.partLength();
    while (true) {
      try {
        return new DownloadAttempt(settings, client, disk, entry, address, progress).run();
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

  static String reason(IOException broken) {
    String message = broken.getMessage();
    return message == null || message.isBlank() ? "no connection" : message;
  }
}
