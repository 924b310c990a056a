package dev.likeness.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

/** Which module may depend on which: the picture of docs/architecture.md, as a test. */
class HouseTest {

  private static final Path ROOT = Path.of(System.getProperty("likeness.root", ".."));

  private static final Map<String, Set<String>> ALLOWED =
      Map.ofEntries(
          Map.entry("proto", Set.of()),
          Map.entry("encoders", Set.of()),
          Map.entry("training", Set.of("likeness-encoders", "likeness-evaluation")),
          Map.entry("evaluation", Set.of()),
          Map.entry("service-kit", Set.of("likeness-proto")),
          Map.entry(
              "embedder-service",
              Set.of("likeness-proto", "likeness-service-kit", "likeness-encoders")),
          Map.entry("index-service", Set.of("likeness-proto", "likeness-service-kit")),
          Map.entry(
              "trainer-service",
              Set.of(
                  "likeness-proto",
                  "likeness-service-kit",
                  "likeness-encoders",
                  "likeness-training",
                  "likeness-evaluation")),
          Map.entry(
              "gateway", Set.of("likeness-proto", "likeness-service-kit", "likeness-evaluation")),
          Map.entry("cli", Set.of("likeness-proto", "likeness-evaluation")),
          Map.entry(
              "benchmarks",
              Set.of(
                  "likeness-proto",
                  "likeness-encoders",
                  "likeness-index-service",
                  "likeness-training")));

  static Set<String> modules() {
    return ALLOWED.keySet();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void dependsOnlyOnRoomsFurtherIn(String module) throws Exception {
    Set<String> ours = new HashSet<>(dependencies(module, "dev.likeness"));
    assertThat(ours).isSubsetOf(ALLOWED.get(module));
  }

  @ParameterizedTest
  @MethodSource("libraries")
  void librariesDoNotKnowTheFramework(String module) throws Exception {
    assertThat(dependencies(module, "io.quarkus")).isEmpty();
  }

  static List<String> libraries() {
    return List.of("encoders", "training", "evaluation");
  }

  /** Artifacts of a group that the module's POM names outside of test scope. */
  private static List<String> dependencies(String module, String group) throws Exception {
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(ROOT.resolve(module).resolve("pom.xml").toFile());
    var nodes = document.getElementsByTagName("dependency");
    assertThat(nodes.getLength()).isPositive();
    return java.util.stream.IntStream.range(0, nodes.getLength())
        .mapToObj(i -> (Element) nodes.item(i))
        .filter(dependency -> text(dependency, "groupId").equals(group))
        .filter(dependency -> !text(dependency, "scope").equals("test"))
        .map(dependency -> text(dependency, "artifactId"))
        .toList();
  }

  private static String text(Element element, String tag) {
    var found = element.getElementsByTagName(tag);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().strip();
  }
}
