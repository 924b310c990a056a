package dev.likeness.index.system;

import static dev.likeness.index.system.Linux.INT;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Lets work that can wait give way to work that somebody waits for. {@link Thread#setPriority} has
 * no effect on Linux.
 */
public final class ThreadPriority {

  private static final Logger LOG = System.getLogger(ThreadPriority.class.getName());

  private static final @Nullable MethodHandle SET =
      Linux.bind(linux -> linux.call("setpriority", FunctionDescriptor.of(INT, INT, INT, INT)));

  /** A tenth of the share of a normal thread, when all processors are busy. */
  private static final int NICENESS = 10;

  /** {@code PRIO_PROCESS}, which on Linux means one thread; 0 is the calling one. */
  private static final int OF_THREAD = 0;

  private static final int CALLING = 0;

  private ThreadPriority() {}

  /** Lowers that of the calling thread, on Linux; elsewhere all stays as it is. */
  public static void lower() {
    if (SET == null) {
      return;
    }
    int refused;
    try {
      refused = (int) SET.invokeExact(OF_THREAD, CALLING, NICENESS);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (refused != 0) {
      LOG.log(Level.DEBUG, "the priority of {0} stays", Thread.currentThread().getName());
    }
  }
}
