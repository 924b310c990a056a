package dev.likeness.benchmarks.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the kernel says of this process; nothing where there is no Linux. */
final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  /** What this file takes to start the peak anew. */
  private static final String PEAK = "5";

  private ProcessMemory() {}

  /** MB in memory now. */
  static Optional<Long> resident() throws IOException {
    return line("VmRSS:");
  }

  /** MB at most since {@link #restartPeak}. */
  static Optional<Long> peak() throws IOException {
    return line("VmHWM:");
  }

  static void restartPeak() throws IOException {
    if (Files.isWritable(CLEAR)) {
      Files.writeString(CLEAR, PEAK);
    }
  }

  private static Optional<Long> line(String name) throws IOException {
    if (!Files.isReadable(STATUS)) {
      return Optional.empty();
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst();
  }
}
