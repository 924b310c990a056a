package dev.likeness.index.system;

import static dev.likeness.index.system.Linux.INT;
import static dev.likeness.index.system.Linux.LONG;
import static dev.likeness.index.system.Linux.POINTER;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Another descriptor of a file that is there, for what Java cannot do with its own: let bytes go to
 * the device without waiting, force them without the times of the file, and write memory that is
 * not on the heap without a copy. An interrupt does not close it. For one thread at a time.
 */
public final class NativeFile implements AutoCloseable {

  private static final int READ_AND_WRITE_CLOSED_ON_EXEC = 0x80002;
  private static final int START_WRITING = 2;
  private static final int INTERRUPTED = 4; // EINTR
  private static final int NONE = -1;

  private static final @Nullable Calls LINUX = Linux.bind(Calls::new);

  private final Calls calls;
  private int descriptor;
  private final MemorySegment errorOfCall = Arena.ofAuto().allocate(Calls.ERROR);

  private NativeFile(Calls calls, int descriptor) {
    this.calls = calls;
    this.descriptor = descriptor;
  }

  /** Null where calls of the operating system cannot be had, or this one is refused. */
  public static @Nullable NativeFile open(Path path) {
    if (LINUX == null) {
      return null;
    }
    int descriptor = LINUX.openFile(path);
    return descriptor == NONE ? null : new NativeFile(LINUX, descriptor);
  }

  /** Returns when the bytes are on their way. It promises nothing: a refusal costs time only. */
  public void startWriting(long position, long length) {
    try {
      int _ = (int) calls.startWriting.invokeExact(descriptor, position, length, START_WRITING);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Writes all bytes of a segment off the heap.
   *
   * @throws IOException if the system refuses; some may be written
   */
  public void write(long position, MemorySegment bytes) throws IOException {
    for (long done = 0; done < bytes.byteSize(); ) {
      long written;
      try {
        written =
            (long)
                calls.write.invokeExact(
                    errorOfCall,
                    descriptor,
                    bytes.asSlice(done),
                    bytes.byteSize() - done,
                    position + done);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
      if (written < 0) {
        throwUnlessInterrupted();
      } else {
        done += written;
      }
    }
  }

  /**
   * Returns when every byte that was written to the file, by whatever descriptor, is on the device,
   * and its length if that has changed.
   *
   * @throws IOException if the device refuses
   */
  public void forceData() throws IOException {
    while (true) {
      int refused;
      try {
        refused = (int) calls.forceData.invokeExact(errorOfCall, descriptor);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
      if (refused == 0) {
        return;
      }
      throwUnlessInterrupted();
    }
  }

  private void throwUnlessInterrupted() throws IOException {
    int number = (int) Calls.NUMBER.get(errorOfCall, 0L);
    if (number != INTERRUPTED) {
      throw new IOException(calls.message(number));
    }
  }

  @Override
  public void close() {
    if (descriptor != NONE) {
      calls.closeFile(descriptor);
      descriptor = NONE;
    }
  }

  /** Bound once. */
  private static final class Calls {
    static final StructLayout ERROR = Linker.Option.captureStateLayout();
    static final VarHandle NUMBER = ERROR.varHandle(StructLayout.PathElement.groupElement("errno"));

    /** The longest message that is read. */
    private static final long MOST_MESSAGE_BYTES = 256;

    private static final Linker.Option KEEP_ERROR = Linker.Option.captureCallState("errno");

    private final MethodHandle open;
    private final MethodHandle startWriting;
    private final MethodHandle write;
    private final MethodHandle forceData;
    private final MethodHandle close;
    private final MethodHandle message;

    private Calls(Linux linux) {
      open =
          linux.call(
              "open", FunctionDescriptor.of(INT, POINTER, INT), Linker.Option.firstVariadicArg(2));
      startWriting =
          linux.call("sync_file_range", FunctionDescriptor.of(INT, INT, LONG, LONG, INT));
      write =
          linux.call("pwrite", FunctionDescriptor.of(LONG, INT, POINTER, LONG, LONG), KEEP_ERROR);
      forceData = linux.call("fdatasync", FunctionDescriptor.of(INT, INT), KEEP_ERROR);
      close = linux.call("close", FunctionDescriptor.of(INT, INT));
      message = linux.call("strerror", FunctionDescriptor.of(POINTER, INT));
    }

    int openFile(Path path) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment name = arena.allocateFrom(path.toString());
        return (int) open.invokeExact(name, READ_AND_WRITE_CLOSED_ON_EXEC);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    void closeFile(int descriptor) {
      try {
        int _ = (int) close.invokeExact(descriptor);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }

    String message(int number) {
      try {
        MemorySegment text = (MemorySegment) message.invokeExact(number);
        return text.reinterpret(MOST_MESSAGE_BYTES).getString(0);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
