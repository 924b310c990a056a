package dev.likeness.benchmarks.embedding;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One way to open a session.
 *
 * @param name as it stands in the table
 * @param spinning whether threads inside a run busy-wait
 * @param change what else differs from one thread and all as it is by default, which is how the
 *     embedder opens its sessions
 */
record SessionSetting(String name, boolean spinning, Change change) {

  SessionSetting(String name, Change change) {
    this(name, false, change);
  }

  /** Sets options. */
  @FunctionalInterface
  interface Change {
    void apply(SessionOptions options) throws OrtException;
  }

  /** Those worth a comparison, the embedder's first. */
  static List<SessionSetting> all(int processors) {
    List<SessionSetting> settings = new ArrayList<>();
    settings.add(new SessionSetting("the embedder's", options -> {}));
    if (processors > 1) {
      settings.add(
          new SessionSetting(
              processors + " threads", options -> options.setIntraOpNumThreads(processors)));
      settings.add(
          new SessionSetting(
              processors + " threads, spinning",
              true,
              options -> options.setIntraOpNumThreads(processors)));
    }
    settings.add(level("extended optimisation", OptLevel.EXTENDED_OPT));
    settings.add(level("basic optimisation", OptLevel.BASIC_OPT));
    settings.add(level("no optimisation", OptLevel.NO_OPT));
    settings.add(new SessionSetting("no arena", options -> options.setCPUArenaAllocator(false)));
    settings.add(
        new SessionSetting(
            "no memory pattern", options -> options.setMemoryPatternOptimization(false)));
    return List.copyOf(settings);
  }

  private static SessionSetting level(String name, OptLevel level) {
    return new SessionSetting(name, options -> options.setOptimizationLevel(level));
  }

  OrtSession open(Path onnx) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", spinning ? "1" : "0");
      // Writing an optimised graph earns a warning that it is bound to this machine; it is deleted.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      change.apply(options);
      return OrtEnvironment.getEnvironment().createSession(onnx.toString(), options);
    }
  }
}
