package dev.likeness.training.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Loads libtorch once per process. Every other class of this module may be used only after {@link
 * #load}. Safe for use by any thread.
 */
public final class NativeRuntime {

  /** Spinning OpenMP workers and OpenBLAS's own pool fight for the cores: five times slower. */
  private static final String WAIT_POLICY = "OMP_WAIT_POLICY";

  /** JavaCPP ends the process at these by default, counted from the Java heap. */
  private static final String MAX_BYTES = "org.bytedeco.javacpp.maxBytes";

  private static final String MAX_PHYSICAL_BYTES = "org.bytedeco.javacpp.maxPhysicalBytes";

  private static boolean loaded;
  private static @Nullable String failure;

  private NativeRuntime() {}

  /**
   * Loads the natives, or does nothing if they are.
   *
   * @param threads that one operator may use, at least 1
   * @throws NativeRuntimeException if there are none for this platform, or JavaCPP limits memory
   */
  public static synchronized void load(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    if (failure != null) {
      throw new NativeRuntimeException(failure);
    }
    if (!loaded) {
      try {
        loadOnce();
        loaded = true;
      } catch (NativeRuntimeException refused) {
        failure = refused.getMessage();
        throw refused;
      }
    }
    torch.set_num_threads(threads);
  }

  /** Why libtorch does not load here; empty if it does. Loads it, with one thread at first. */
  public static synchronized Optional<String> unavailable() {
    try {
      if (!loaded) {
        load(1);
      }
      return Optional.empty();
    } catch (NativeRuntimeException refused) {
      return Optional.of(refused.getMessage());
    }
  }

  /** Threads that one operator uses. */
  public static int threads() {
    return torch.get_num_threads();
  }

  /**
   * Whether tensors can live on a CUDA device: libtorch was taken with a GPU classifier, and finds
   * a device and a driver. False, never an error, everywhere else.
   */
  public static boolean cudaAvailable() {
    return torch.cuda_is_available();
  }

  /** Gives memory of finished work back to the system, which between two steps would be waste. */
  public static void releaseMemory() {
    NativeMemory.giveBack();
  }

  private static void loadOnce() {
    if (System.getenv(WAIT_POLICY) == null) {
      setEnvironment(WAIT_POLICY, "PASSIVE");
    }
    NativeMemory.keepFreed();
    liftLimit(MAX_BYTES);
    liftLimit(MAX_PHYSICAL_BYTES);
    try {
      Loader.load(torch.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | RuntimeException missing) {
      throw new NativeRuntimeException(
          "libtorch does not load on %s: %s; natives are taken with the Maven property pytorch.classifier"
              .formatted(Loader.getPlatform(), missing.getMessage()),
          missing);
    }
    if (Pointer.maxPhysicalBytes() > 0) {
      throw new NativeRuntimeException(
          "JavaCPP would end the training at %d bytes of memory; start this JVM with -D%s=0 -D%s=0"
              .formatted(Pointer.maxPhysicalBytes(), MAX_PHYSICAL_BYTES, MAX_BYTES));
    }
  }

  private static void liftLimit(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, "0");
    }
  }

  /** The native environment, which libgomp reads when it is loaded; a no-op where there is none. */
  private static void setEnvironment(String name, String value) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> function = linker.defaultLookup().find("setenv");
    if (function.isEmpty()) {
      return;
    }
    MethodHandle setenv =
        linker.downcallHandle(
            function.get(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int unused = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
    } catch (Throwable unexpected) {
      throw new NativeRuntimeException(name + " cannot be set", unexpected);
    }
  }
}
