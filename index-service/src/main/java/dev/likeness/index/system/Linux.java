package dev.likeness.index.system;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The C library of a Linux of 64 bits, where calls of it are allowed. */
final class Linux {

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final ValueLayout POINTER = ValueLayout.ADDRESS;

  private static final Logger LOG = System.getLogger(Linux.class.getName());

  private final Linker linker = Linker.nativeLinker();
  private final SymbolLookup library = linker.defaultLookup();

  private Linux() {}

  /** What {@code binding} makes of it; null elsewhere. */
  static <T> @Nullable T bind(Function<Linux, T> binding) {
    if (!System.getProperty("os.name").equals("Linux")
        || ValueLayout.ADDRESS.byteSize() != Long.BYTES) {
      return null;
    }
    try {
      return binding.apply(new Linux());
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "calls of the operating system are not allowed: {0}", e.getMessage());
      return null;
    }
  }

  MethodHandle call(String name, FunctionDescriptor type, Linker.Option... options) {
    return linker.downcallHandle(library.findOrThrow(name), type, options);
  }
}
