package dev.likeness.benchmarks.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a figure was measured.
 *
 * @param processor its model's name; null where the system does not tell
 * @param processors that this JVM may use
 * @param system name and version of the operating system
 * @param java version of the JDK
 * @param load mean number of running processes over the last minute, this one included; null where
 *     the system does not tell
 */
public record MachineFacts(
    @Nullable String processor, int processors, String system, String java, @Nullable Double load) {

  private static final Path LINUX_PROCESSORS = Path.of("/proc/cpuinfo");

  /** The facts of this moment. */
  public static MachineFacts now() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return new MachineFacts(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        load < 0 ? null : load);
  }

  private static @Nullable String processorName() {
    try (Stream<String> lines = Files.lines(LINUX_PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(null);
    } catch (IOException notLinux) {
      return null;
    }
  }
}
