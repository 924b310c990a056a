package dev.likeness.index.search;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Lets work that can wait give way to work that somebody waits for. {@link Thread#setPriority} has
 * no effect on Linux.
 */
public final class ThreadPriority {

  private static final Logger LOG = System.getLogger(ThreadPriority.class.getName());

  /** A tenth of the share of a normal thread, when all processors are busy. */
  private static final int NICENESS = 10;

  /** {@code PRIO_PROCESS}, which on Linux means one thread; 0 is the calling one. */
  private static final int OF_THREAD = 0;

  private static final int CALLING = 0;

  private ThreadPriority() {}

  /** Lowers that of the calling thread, on Linux; elsewhere all stays as it is. */
  public static void lower() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return;
    }
    try {
      Linker linker = Linker.nativeLinker();
      ValueLayout.OfInt number = ValueLayout.JAVA_INT;
      MethodHandle set =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setpriority"),
              FunctionDescriptor.of(number, number, number, number));
      int refused = (int) set.invokeExact(OF_THREAD, CALLING, NICENESS);
      if (refused != 0) {
        LOG.log(Level.DEBUG, "the priority of {0} stays", Thread.currentThread().getName());
      }
    } catch (Throwable e) {
      LOG.log(Level.DEBUG, "calls of the operating system are not allowed: {0}", e.getMessage());
    }
  }
}
