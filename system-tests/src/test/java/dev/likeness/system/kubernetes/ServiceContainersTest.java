package dev.likeness.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pods give the services what their sources say that they need. */
class ServiceContainersTest {

  private static final List<String> SERVICES = List.of("embedder", "index", "trainer", "gateway");

  /** Variables that something else than the configuration reads, by whom. */
  private static final Set<String> NO_SETTINGS = Set.of("JDK_JAVA_OPTIONS");

  private static final Pattern BELOW_HOME =
      Pattern.compile(
          "(?:\\.home\\(\\)[\\w.()]*?\\.resolve\\(|[^.\\w]home\\()\"(\\w+)\"\\)(?:\\.resolve\\(\"\\w+\"\\))?");

  private static final Pattern ENVIRONMENT =
      Pattern.compile("\"((?:LIKENESS|HF|TORCHVISION)_[A-Z_]+)\"");

  static Stream<Arguments> services() {
    return Installation.overlays().stream()
        .map(Installation::of)
        .flatMap(
            installation ->
                installation.workloads().stream()
                    .filter(workload -> SERVICES.contains(workload.name()))
                    .map(workload -> Arguments.of(workload, installation)));
  }

  @ParameterizedTest
  @MethodSource("services")
  void listensWhereTheServiceListens(Workload workload, Installation installation) {
    Properties properties = new ServiceSource(workload.name()).properties();
    assertThat(workload.ports().values().stream().map(String::valueOf))
        .containsExactlyInAnyOrder(
            properties.getProperty("quarkus.http.port"),
            properties.getProperty("quarkus.grpc.server.port"));
    assertThat(workload.environment(installation))
        .containsEntry("QUARKUS_HTTP_HOST", "0.0.0.0")
        .containsEntry("QUARKUS_GRPC_SERVER_HOST", "0.0.0.0");
  }

  /** Readiness decides who gets calls; a start or a life that waited for peers would be ended. */
  @ParameterizedTest
  @MethodSource("services")
  void asksForHealthOverHttp(Workload workload, Installation installation) {
    int management =
        Integer.parseInt(
            new ServiceSource(workload.name()).properties().getProperty("quarkus.http.port"));
    Map.of("startupProbe", "live", "livenessProbe", "live", "readinessProbe", "ready")
        .forEach(
            (probe, path) -> {
              JsonNode request = workload.container().path(probe).path("httpGet");
              assertThat(request.path("path").asText()).isEqualTo("/q/health/" + path);
              assertThat(workload.ports().get(request.path("port").asText())).isEqualTo(management);
            });
  }

  @ParameterizedTest
  @MethodSource("services")
  void everySettingIsOneOfTheService(Workload workload, Installation installation) {
    ServiceSource source = new ServiceSource(workload.name());
    Set<String> known =
        source.settings().stream().map(ServiceSource::variable).collect(Collectors.toSet());
    source.findInSources(ENVIRONMENT).forEach(name -> known.add(name.group(1)));
    known.addAll(NO_SETTINGS);
    assertThat(known).contains("LIKENESS_PLATFORM_CALL_DEADLINE", "QUARKUS_HTTP_PORT");
    assertThat(workload.environment(installation).keySet()).isSubsetOf(known);
  }

  @ParameterizedTest
  @MethodSource("services")
  void everythingThatTheServiceWritesLiesInAVolume(Workload workload, Installation installation) {
    Map<String, String> environment = workload.environment(installation);
    String home = environment.get("LIKENESS_PLATFORM_HOME");
    List<String> written =
        new ServiceSource(workload.name())
            .findInSources(BELOW_HOME).stream().map(found -> home + "/" + found.group(1)).toList();
    assertThat(written).isNotEmpty();
    boolean inACluster = "opensearch".equals(environment.get("LIKENESS_INDEX_ENGINE"));
    if (!inACluster) {
      assertThat(written).allSatisfy(path -> assertThat(mounted(workload, path)).isTrue());
    }
    assertThat(mounted(workload, "/tmp")).isTrue();
    if (environment.containsKey("LIKENESS_CACHE")) {
      assertThat(mounted(workload, environment.get("LIKENESS_CACHE"))).isTrue();
    }
  }

  private static boolean mounted(Workload workload, String path) {
    return workload.writableMounts().stream()
        .anyMatch(mount -> path.equals(mount) || path.startsWith(mount + "/"));
  }

  /** Who may be asked for files sees the directory below which files may be named. */
  @ParameterizedTest
  @MethodSource("services")
  void rootsAreMounted(Workload workload, Installation installation) {
    boolean readsFiles =
        !new ServiceSource(workload.name())
            .findInSources(Pattern.compile("FileRoots\\.of"))
            .isEmpty();
    boolean mounted =
        Workload.elements(workload.container().path("volumeMounts"))
            .anyMatch(
                mount ->
                    mount
                        .path("mountPath")
                        .asText()
                        .equals(workload.environment(installation).get("LIKENESS_PLATFORM_ROOTS")));
    assertThat(mounted).isEqualTo(readsFiles);
  }

  /** Heap, vectors, and 512 MB for code, threads and native libraries fit into the container. */
  @ParameterizedTest
  @MethodSource("services")
  void memoryIsEnoughForWhatIsAllowed(Workload workload, Installation installation) {
    Map<String, String> environment = workload.environment(installation);
    long needed =
        Quantity.bytes(option(environment.get("JDK_JAVA_OPTIONS"), "-Xmx"))
            + Quantity.bytes(environment.getOrDefault("LIKENESS_INDEX_MEMORY_LIMIT", "0M"))
            + Quantity.bytes("512M");
    assertThat(Quantity.bytes(workload.container().at("/resources/limits/memory").asText()))
        .isGreaterThanOrEqualTo(needed);
    if (workload.name().equals("index")) {
      assertThat(environment).as("its default is 8 GB").containsKey("LIKENESS_INDEX_MEMORY_LIMIT");
    }
  }

  @ParameterizedTest
  @MethodSource("services")
  void trainersComputeWithAsManyThreadsAsTheyHaveProcessors(
      Workload workload, Installation installation) {
    String threads = workload.environment(installation).get("LIKENESS_TRAINER_FINE_TUNE_THREADS");
    if (workload.name().equals("trainer")) {
      assertThat(threads).isEqualTo(workload.container().at("/resources/limits/cpu").asText());
    }
  }

  static String option(String options, String prefix) {
    for (String option : options.split(" ")) {
      if (option.startsWith(prefix)) {
        return option.substring(prefix.length());
      }
    }
    throw new AssertionError("no %s in '%s'".formatted(prefix, options));
  }
}
