package dev.likeness.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Containerfile starts a service as the launcher does, and the pods expect the image that it
 * makes.
 */
class ContainerImageTest {

  private static final Path IMAGES = Installation.ROOT.resolve("deploy/images");
  private static final Path LAUNCHER = Installation.ROOT.resolve("deploy/local");

  /** An option of the JVM, to the end of its word; of what the shell fills in, the part before. */
  private static final Pattern OPTION =
      Pattern.compile(
          "(?<=[\\s\"(])(?:-XX:|-D|--)[\\w.+-][\\w.+:-]*(?:=[\\w./-]+| jdk\\.[\\w.]+)?");

  /** Each side has these for itself: who it is, where its files lie, and its ports. */
  private static final Pattern PLACE =
      Pattern.compile("-Dlikeness\\..*|-Dquarkus\\..*|-Dkafka\\..*|-XX:ErrorFile.*|.*cachedir.*");

  @Test
  void startsJavaAsTheLauncherDoes() throws IOException {
    Set<String> launched =
        options(between(LAUNCHER.resolve("platform.sh"), "start_service() {", "set_startup_cache"));
    Set<String> contained = options(entrypoint().replace("\", \"", " "));
    contained.add("-XX:+UseSerialGC"); // of JDK_JAVA_OPTIONS, see below
    contained.remove("-XX:+ErrorFileToStderr"); // there is no directory of logs
    assertThat(launched).contains("--add-modules jdk.incubator.vector");
    assertThat(contained).isEqualTo(launched);
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedder", "index", "trainer", "gateway"})
  void laptopsGiveTheHeapThatTheLauncherGives(String service) throws IOException {
    Installation laptop = Installation.of(Installation.DIRECTORY.resolve("overlays/laptop"));
    String options = workload(laptop, service).environment(laptop).get("JDK_JAVA_OPTIONS");
    Map<String, String> heaps =
        Pattern.compile("(\\S+)\\) echo (\\d+m) ;;")
            .matcher(between(LAUNCHER.resolve("settings.sh"), "heap_of() {", "}"))
            .results()
            .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    assertThat(ServiceContainersTest.option(options, "-Xmx"))
        .isEqualTo(heaps.getOrDefault(service, heaps.get("*")));
    assertThat(options).contains("-XX:+UseSerialGC");
  }

  @Test
  void runsAsTheUserThatPodsName() throws IOException {
    assertThat(read("Containerfile")).contains("\nUSER 10001:10001\n");
    for (Installation installation : WorkloadsTest.installations()) {
      for (String service : List.of("embedder", "index", "trainer", "gateway")) {
        JsonNode context = workload(installation, service).pod().path("securityContext");
        assertThat(context.path("runAsUser").asInt()).isEqualTo(10001);
        assertThat(context.path("runAsGroup").asInt()).isEqualTo(10001);
      }
    }
  }

  @Test
  void unpacksLibtorchWhereTrainersMayWrite() throws IOException {
    MatchResult cache =
        Pattern.compile("javacpp\\.cachedir=([\\w/]+)/javacpp")
            .matcher(entrypoint())
            .results()
            .findFirst()
            .orElseThrow();
    for (Installation installation : WorkloadsTest.installations()) {
      assertThat(workload(installation, "trainer").writableMounts()).contains(cache.group(1));
    }
  }

  @Test
  void laptopsRunWhatTheScriptBuilds() throws IOException {
    String script = read("build.sh");
    String name = argument(script, "name");
    String tag = argument(script, "tag");
    Installation laptop = Installation.of(Installation.DIRECTORY.resolve("overlays/laptop"));
    for (String service : List.of("embedder", "index", "trainer", "gateway")) {
      assertThat(workload(laptop, service).container().path("image").asText())
          .isEqualTo("%s/%s:%s".formatted(name, service, tag));
    }
  }

  @Test
  void theBrokerIsTheOneThatTestsRunWith() throws IOException {
    Installation laptop = Installation.of(Installation.DIRECTORY.resolve("overlays/laptop"));
    String pom = Files.readString(Installation.ROOT.resolve("pom.xml"));
    String tag = workload(laptop, "kafka").container().path("image").asText().split(":")[1];
    assertThat(pom).contains("<kafka.broker.version>" + tag + "</kafka.broker.version>");
  }

  /** Where the services are packaged: everything of them is copied, and all of that is there. */
  @ParameterizedTest
  @ValueSource(strings = {"embedder", "index", "trainer", "gateway"})
  void copiesTheWholeApplication(String service) throws IOException {
    Path application =
        Installation.ROOT
            .resolve(new ServiceSource(service).module())
            .resolve("target/quarkus-app");
    Assumptions.assumeTrue(Files.isDirectory(application), service + " is not packaged");
    Set<String> copied =
        Pattern.compile("(?m)^COPY --chmod=0755 ([\\w.-]+)/? ")
            .matcher(read("Containerfile"))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    copied.add("quarkus-app-dependencies.txt"); // a list for people
    try (Stream<Path> files = Files.list(application)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(copied);
    }
  }

  private static Workload workload(Installation installation, String name) {
    return installation.workloads().stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String entrypoint() throws IOException {
    String text = read("Containerfile").replace("\\\n", "");
    return text.substring(text.indexOf("ENTRYPOINT")).replaceAll("\",\\s+\"", "\", \"");
  }

  /** The words of the image's command. */
  static List<String> entrypointWords() throws IOException {
    return Pattern.compile("\"([^\"]+)\"")
        .matcher(entrypoint())
        .results()
        .map(word -> word.group(1))
        .toList();
  }

  private static Set<String> options(String text) {
    return OPTION
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(option -> !PLACE.matcher(option).matches())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String argument(String script, String variable) {
    return Pattern.compile("(?m)^" + variable + "=\\$\\{\\d:-([\\w./-]+)}$")
        .matcher(script)
        .results()
        .findFirst()
        .orElseThrow()
        .group(1);
  }

  private static String between(Path file, String begin, String end) throws IOException {
    String text = Files.readString(file);
    int from = text.indexOf(begin);
    return text.substring(from, text.indexOf(end, from));
  }

  private static String read(String name) throws IOException {
    return Files.readString(IMAGES.resolve(name));
  }
}
