package dev.likeness.index.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that can be told to bring written bytes to the device without waiting for it, so that a
 * later force has less to do. On Linux this is {@code sync_file_range}; elsewhere, or where calls
 * of the operating system are not allowed, nothing happens. It promises nothing: what must be
 * durable is forced. For one thread.
 */
final class EagerFile extends RandomAccessFile {

  private static final int READ_ONLY_CLOSED_ON_EXEC = 0x80000;
  private static final int START_WRITING = 2;
  private static final int NONE = -1;

  private static final @Nullable Calls LINUX = Calls.ofLinux();

  private int descriptor;

  EagerFile(Path path) throws FileNotFoundException {
    super(path.toFile(), "rw");
    descriptor = LINUX == null ? NONE : LINUX.openFile(path);
  }

  /** Returns when the bytes are on their way, or at once. */
  void startWriting(long position, long length) {
    if (LINUX != null && descriptor != NONE) {
      LINUX.startWriting(descriptor, position, length);
    }
  }

  @Override
  public void close() throws IOException {
    if (LINUX != null && descriptor != NONE) {
      LINUX.closeFile(descriptor);
      descriptor = NONE;
    }
    super.close();
  }

  private record Calls(MethodHandle open, MethodHandle start, MethodHandle close) {

    static @Nullable Calls ofLinux() {
      if (!System.getProperty("os.name").equals("Linux")
          || ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
        return null;
      }
      try {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        ValueLayout.OfInt number = ValueLayout.JAVA_INT;
        ValueLayout.OfLong offset = ValueLayout.JAVA_LONG;
        return new Calls(
            linker.downcallHandle(
                library.findOrThrow("open"),
                FunctionDescriptor.of(number, ValueLayout.ADDRESS, number),
                Linker.Option.firstVariadicArg(2)),
            linker.downcallHandle(
                library.findOrThrow("sync_file_range"),
                FunctionDescriptor.of(number, number, offset, offset, number)),
            linker.downcallHandle(
                library.findOrThrow("close"), FunctionDescriptor.of(number, number)));
      } catch (RuntimeException e) {
        return null; // calls of the operating system are not allowed
      }
    }

    /** Another descriptor of the file, or {@link #NONE}. */
    int openFile(Path path) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment name = arena.allocateFrom(path.toString());
        return (int) open.invokeExact(name, READ_ONLY_CLOSED_ON_EXEC);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    /** A refusal costs time only. */
    void startWriting(int file, long position, long length) {
      try {
        int refused = (int) start.invokeExact(file, position, length, START_WRITING);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    void closeFile(int file) {
      try {
        int refused = (int) close.invokeExact(file);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
