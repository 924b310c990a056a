package dev.likeness.trainer.service;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.trainer.grpc.FakeEmbedder;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the trainer lives in: a home with an untrained encoder, data below a root, a real Kafka
 * broker and an embedder whose vectors depend on the bytes of the files.
 */
public final class TrainerEnvironment implements QuarkusTestResourceLifecycleManager {

  /** Put into a field of the test instance with this type. */
  public record Parts(KafkaBroker broker, FakeEmbedder embedder, Path data, Path home) {}

  private Path folder;
  private Server embedderServer;
  private Parts parts;

  @Override
  public Map<String, String> start() {
    try {
      folder = Files.createTempDirectory("likeness-trainer");
      Path home = Files.createDirectories(folder.resolve("home"));
      Path data = Files.createDirectories(folder.resolve("data"));
      String fingerprint =
          LikenessMini.publishTo(ModelStore.open(home.resolve("models")), 1).fingerprint().value();
      FakeEmbedder embedder = new FakeEmbedder(LikenessMini.DIMENSION, fingerprint);
      embedderServer =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(embedder)
              .build()
              .start();
      KafkaBroker broker =
          new KafkaBroker(Path.of(System.getProperty("likeness.root")), folder.resolve("kafka"));
      broker.start();
      parts = new Parts(broker, embedder, data, home);
      String grpcPort = String.valueOf(KafkaBroker.freePort());
      String embedderPort = String.valueOf(embedderServer.getPort());
      return Map.ofEntries(
          Map.entry("kafka.bootstrap.servers", broker.address()),
          Map.entry("likeness.platform.home", home.toString()),
          Map.entry("likeness.platform.roots", data.toString()),
          Map.entry("likeness.platform.call-deadline", "5m"),
          Map.entry("quarkus.grpc.server.test-port", grpcPort),
          Map.entry("quarkus.grpc.clients.trainer.host", "127.0.0.1"),
          Map.entry("quarkus.grpc.clients.trainer.port", grpcPort),
          Map.entry("quarkus.grpc.clients.trainer.test-port", grpcPort),
          Map.entry("quarkus.grpc.clients.embedder.port", embedderPort),
          Map.entry("quarkus.grpc.clients.embedder.test-port", embedderPort),
          Map.entry("likeness.trainer.embedder.retry-delay", "100ms"),
          // nobody else may take a job over because a busy machine is late with a heartbeat
          Map.entry("likeness.trainer.worker.lease", "5m"),
          Map.entry("likeness.trainer.worker.heartbeat", "1s"),
          Map.entry("likeness.trainer.watch-interval", "50ms"),
          Map.entry("likeness.trainer.events.max-backoff", "1s"));
    } catch (IOException e) {
      throw new IllegalStateException("the trainer's environment cannot be made", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(parts, new TestInjector.MatchesType(Parts.class));
  }

  @Override
  public void stop() {
    try {
      if (parts != null) {
        parts.broker().kill();
      }
      if (embedderServer != null) {
        embedderServer.shutdownNow().awaitTermination();
      }
      delete();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void delete() throws IOException {
    if (folder == null) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
