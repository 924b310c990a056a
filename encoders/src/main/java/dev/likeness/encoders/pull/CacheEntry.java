package dev.likeness.encoders.pull;

import dev.likeness.encoders.pull.DownloadException.Reason;
import dev.likeness.encoders.store.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One address in the cache: a folder with the file and its hash, and while it is incomplete the
 * part that came so far and the entity tag that it belongs to. Used by one thread at a time, which
 * {@link #lock} sees to.
 *
 * <pre>
 * &lt;cache&gt;/&lt;first 16 digits of the address's SHA-256&gt;/
 *   &lt;file&gt;          complete
 *   &lt;file&gt;.sha256   its hash, and a second line if no published one was there to compare with
 *   &lt;file&gt;.part     incomplete
 *   &lt;file&gt;.etag     what the part is a part of
 * </pre>
 */
final class CacheEntry {

  private static final String NOT_COMPARED = "not compared";
  private static final Pattern SAFE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final Path folder;
  private final String name;

  private CacheEntry(Path folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /**
   * A complete file.
   *
   * @param compared whether its hash was compared with a published one
   */
  record Complete(String sha256, boolean compared) {}

  static CacheEntry of(Path cache, URI address) {
    String key = Sha256.of(address.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    String name = WebAddress.fileName(address);
    return new CacheEntry(cache.resolve(key), SAFE_NAME.matcher(name).matches() ? name : "weights");
  }

  String name() {
    return name;
  }

  Path file() {
    return folder.resolve(name);
  }

  Path part() {
    return folder.resolve(name + ".part");
  }

  /** Waits until nobody else works here, in this process or another. */
  CacheLock lock() {
    try {
      Files.createDirectories(folder);
      return CacheLock.on(folder.resolve(".lock"));
    } catch (IOException failed) {
      throw failed("the cache %s cannot be used".formatted(folder), failed);
    }
  }

  /** The complete file, if there is one and it is what it was. */
  Optional<Complete> complete() {
    try {
      Path hash = folder.resolve(name + ".sha256");
      if (!Files.exists(file()) || !Files.exists(hash)) {
        return Optional.empty();
      }
      List<String> recorded = Files.readAllLines(hash);
      String sha256 = Sha256.of(file());
      return !recorded.isEmpty() && recorded.getFirst().strip().equals(sha256)
          ? Optional.of(new Complete(sha256, !recorded.contains(NOT_COMPARED)))
          : Optional.empty();
    } catch (IOException unreadable) {
      throw failed("the cached %s cannot be read".formatted(file()), unreadable);
    }
  }

  long partLength() {
    try {
      return Files.exists(part()) ? Files.size(part()) : 0;
    } catch (IOException unreadable) {
      throw failed("the cached %s cannot be read".formatted(part()), unreadable);
    }
  }

  /** The tag of the version that the part belongs to; without one it cannot be resumed. */
  Optional<String> partTag() {
    try {
      Path tag = tagFile();
      return Files.exists(tag)
          ? Optional.of(Files.readString(tag).strip()).filter(text -> !text.isEmpty())
          : Optional.empty();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Begins a new part, of a version with this tag. */
  void startPart(Optional<String> tag) {
    try {
      Files.deleteIfExists(part());
      Files.deleteIfExists(tagFile());
      if (tag.isPresent()) {
        Files.writeString(tagFile(), tag.get());
      }
    } catch (IOException failed) {
      throw failed("the cache %s cannot be written".formatted(folder), failed);
    }
  }

  OutputStream append() throws IOException {
    return Files.newOutputStream(part(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  String hashOfPart() {
    try {
      return Sha256.of(part());
    } catch (IOException unreadable) {
      throw failed("the cached %s cannot be read".formatted(part()), unreadable);
    }
  }

  /** The part is the file: it gets its name when its hash lies beside it. */
  void complete(Complete file) {
    try {
      Files.writeString(
          folder.resolve(name + ".sha256"),
          file.compared() ? file.sha256() : file.sha256() + "\n" + NOT_COMPARED);
      Files.move(part(), file(), StandardCopyOption.ATOMIC_MOVE);
      Files.deleteIfExists(tagFile());
    } catch (IOException failed) {
      throw failed("the cache %s cannot be written".formatted(folder), failed);
    }
  }

  private Path tagFile() {
    return folder.resolve(name + ".etag");
  }

  private static DownloadException failed(String message, IOException cause) {
    return new DownloadException(Reason.STORAGE_FAILED, message + ": " + cause.getMessage(), cause);
  }
}
