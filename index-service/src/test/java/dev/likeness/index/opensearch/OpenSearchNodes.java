package dev.likeness.index.opensearch;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Real nodes of OpenSearch, each in a JVM of its own, on free ports of the loopback interface. */
public final class OpenSearchNodes implements AutoCloseable {

  private static final Path MODULE =
      Path.of(System.getProperty("likeness.root", "..")).resolve("deploy/local/opensearch/target");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Path folder;
  private final int heapMegabytes;
  private final List<Integer> httpPorts;
  private final List<Integer> transportPorts;
  private final List<Process> processes = new ArrayList<>();

  private OpenSearchNodes(Path folder, int count, int heapMegabytes) {
    this.folder = folder;
    this.heapMegabytes = heapMegabytes;
    List<Integer> ports = freePorts(2 * count);
    this.httpPorts = ports.subList(0, count);
    this.transportPorts = ports.subList(count, 2 * count);
  }

  /** Starts the nodes and waits until they have found each other. */
  public static OpenSearchNodes start(Path folder, int count, int heapMegabytes)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(MODULE.resolve("lib"))) {
      throw new IllegalStateException(
          "the libraries of OpenSearch are missing in %s; build them with 'mvn package -pl deploy/local/opensearch'"
              .formatted(MODULE));
    }
    OpenSearchNodes nodes = new OpenSearchNodes(folder, count, heapMegabytes);
    try {
      for (int node = 0; node < count; node++) {
        nodes.processes.add(nodes.launch(node));
      }
      nodes.awaitAll();
    } catch (IOException | InterruptedException | RuntimeException e) {
      nodes.close();
      throw e;
    }
    return nodes;
  }

  public List<URI> urls() {
    return httpPorts.stream().map(port -> URI.create("http://127.0.0.1:" + port)).toList();
  }

  /** Ends a node as a power failure would. */
  public void kill(int node) throws InterruptedException {
    processes.get(node).destroyForcibly().waitFor();
  }

  private Process launch(int node) throws IOException {
    Path home = Files.createDirectories(folder.resolve("node-" + node));
    Files.createDirectories(home.resolve("config"));
    String seeds =
        String.join(",", transportPorts.stream().map(port -> "127.0.0.1:" + port).toList());
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + home,
                "-cp",
                String.join(
                    File.pathSeparator,
                    MODULE.resolve("classes").toString(),
                    MODULE.resolve("lib") + File.separator + "*",
                    MODULE.resolve("plugin") + File.separator + "*"),
                "dev.likeness.opensearch.OpenSearchNode",
                home.toString(),
                "cluster.name=likeness-test-" + transportPorts.getFirst(),
                "node.name=node-" + node,
                "network.host=127.0.0.1",
                "http.port=" + httpPorts.get(node),
                "transport.port=" + transportPorts.get(node),
                "cluster.routing.allocation.disk.threshold_enabled=false"));
    if (httpPorts.size() == 1) {
      command.add("discovery.type=single-node");
    } else {
      command.add("discovery.seed_hosts=" + seeds);
      command.add(
          "cluster.initial_cluster_manager_nodes="
              + String.join(
                  ",", IntStream.range(0, httpPorts.size()).mapToObj(n -> "node-" + n).toList()));
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(home.resolve("log").toFile())
        .start();
  }

  private void awaitAll() throws IOException, InterruptedException {
    String path = "/_cluster/health?timeout=1s&wait_for_nodes=" + httpPorts.size();
    long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
    while (System.nanoTime() < end) {
      for (int node = 0; node < processes.size(); node++) {
        if (!processes.get(node).isAlive()) {
          throw new IllegalStateException("a node has ended:\n" + log(node));
        }
      }
      if (isHealthy(path)) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
    throw new IllegalStateException("the nodes do not come up:\n" + log(0));
  }

  private boolean isHealthy(String path) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(urls().getFirst().resolve(path))
                  .timeout(Duration.ofSeconds(30))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String log(int node) throws IOException {
    return Files.readString(folder.resolve("node-" + node).resolve("log"));
  }

  @Override
  public void close() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    http.close();
  }

  /** Different ones, below those that the system gives to whoever asks for any. */
  public static List<Integer> freePorts(int count) {
    return ThreadLocalRandom.current()
        .ints(15_000, 32_000)
        .distinct()
        .filter(OpenSearchNodes::isFree)
        .limit(count)
        .boxed()
        .toList();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
