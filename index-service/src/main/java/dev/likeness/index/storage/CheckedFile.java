package dev.likeness.index.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A small text file that is replaced as a whole and checked when it is read.
 *
 * <pre>
 * likeness-index &lt;kind&gt; 1
 * &lt;key&gt;=&lt;value&gt;          one line each, sorted by key; no '=' in keys, no line breaks
 * crc32c=&lt;8 hex digits&gt;    of all bytes before this line
 * </pre>
 *
 * UTF-8, lines end with a line feed. Written beside its final name, forced, renamed, and the
 * directory forced: a reader finds the old content or the new, never a mixture.
 */
public final class CheckedFile {

  private final Path directory;
  private final Path path;
  private final String firstLine;
  private final FileOperations files;

  public CheckedFile(Path directory, String name, String kind, FileOperations files) {
    this.directory = directory;
    this.path = directory.resolve(name);
    this.firstLine = "likeness-index " + kind + " 1\n";
    this.files = files;
  }

  public boolean exists() {
    return Files.exists(path);
  }

  public void write(Map<String, String> entries) throws IOException {
    StringBuilder text = new StringBuilder(firstLine);
    new TreeMap<>(entries)
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    text.append(lastLine(text.toString()));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    Path beside = path.resolveSibling(path.getFileName() + ".new");
    try (RandomAccessFile file = files.open(beside)) {
      files.truncate(file, 0);
      files.write(file, 0, bytes, bytes.length);
      files.force(file);
    }
    files.move(beside, path);
    files.forceDirectory(directory);
  }

  /**
   * @throws LogDamagedException if the content is not what was written
   */
  public Map<String, String> read() throws IOException {
    String name = path.getFileName().toString();
    String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    int last = text.lastIndexOf("crc32c=");
    if (last < 0 || !text.substring(last).equals(lastLine(text.substring(0, last)))) {
      throw new LogDamagedException(name, Math.max(last, 0), "checksum mismatch");
    }
    if (!text.startsWith(firstLine)) {
      throw new LogDamagedException(
          name, 0, "the first line is not '%s'".formatted(firstLine.strip()));
    }
    Map<String, String> entries = new TreeMap<>();
    for (String line : text.substring(firstLine.length(), last).split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        entries.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return entries;
  }

  private static String lastLine(String before) {
    byte[] bytes = before.getBytes(StandardCharsets.UTF_8);
    return "crc32c=%08x\n".formatted(LogFormat.crc(bytes, 0, bytes.length));
  }
}
