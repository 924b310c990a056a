package dev.likeness.index.grpc;

import dev.likeness.index.opensearch.OpenSearchNodes;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** The whole service on ports of its own, with an empty directory. */
public final class IndexServiceProfile implements QuarkusTestProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    try {
      String port = OpenSearchNodes.freePorts(1).getFirst().toString();
      return Map.of(
          "likeness.index.directory",
          Files.createTempDirectory("likeness-index-").toString(),
          "quarkus.grpc.server.test-port",
          port,
          "quarkus.grpc.clients.index.host",
          "127.0.0.1",
          "quarkus.grpc.clients.index.port",
          port,
          // a call outlasts what a service tries on a busy machine, to hear what it says
          "likeness.platform.call-deadline",
          "5m",
          "quarkus.http.test-port",
          "0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
