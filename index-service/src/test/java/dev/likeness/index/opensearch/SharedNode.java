package dev.likeness.index.opensearch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One node for all tests of this JVM, started when the first of them asks for it. */
final class SharedNode {

  private static final OpenSearchNodes NODE = start();

  private SharedNode() {}

  static List<URI> urls() {
    return NODE.urls();
  }

  private static OpenSearchNodes start() {
    try {
      Path folder = Files.createTempDirectory("likeness-opensearch-");
      OpenSearchNodes node = OpenSearchNodes.start(folder, 1, 512);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, folder)));
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void stop(OpenSearchNodes node, Path folder) {
    try {
      node.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
