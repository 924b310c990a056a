package dev.likeness.index.graph;

import java.util.function.BooleanSupplier;

/** Nobody wants the graph any more. */
public final class BuildStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  static void throwIf(BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new BuildStoppedException();
    }
  }

  private BuildStoppedException() {
    super("the building of a graph was stopped");
  }
}
