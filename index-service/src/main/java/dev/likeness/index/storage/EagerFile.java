package dev.likeness.index.storage;

import dev.likeness.index.system.NativeFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file with what the operating system can do beyond Java, where it can. For one thread. */
final class EagerFile extends RandomAccessFile {

  private final @Nullable NativeFile system;

  EagerFile(Path path) throws FileNotFoundException {
    super(path.toFile(), "rw");
    system = NativeFile.open(path);
  }

  /** Null where all is left to Java. */
  @Nullable NativeFile system() {
    return system;
  }

  @Override
  public void close() throws IOException {
    if (system != null) {
      system.close();
    }
    super.close();
  }
}
