package dev.likeness.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file is what Kubernetes and Kustomize take it for, and every overlay can be built. */
class ManifestsTest {

  private static final List<Path> DIRECTORIES =
      List.of(Installation.DIRECTORY, Installation.ROOT.resolve("deploy/monitoring"));

  /** Files that are patches or settings, not objects. */
  private static final Set<String> NO_OBJECTS = Set.of("spread.yaml");

  static List<Path> files() throws IOException {
    try (Stream<Path> kubernetes = Files.walk(DIRECTORIES.getFirst());
        Stream<Path> monitoring = Files.walk(DIRECTORIES.getLast())) {
      return Stream.concat(kubernetes, monitoring)
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !NO_OBJECTS.contains(file.getFileName().toString()))
          .toList();
    }
  }

  static List<Path> overlays() {
    return Installation.overlays();
  }

  @ParameterizedTest
  @MethodSource("files")
  void hasOnlyFieldsThatKubernetesKnows(Path file) {
    List<JsonNode> documents = KubernetesTypes.documents(file);
    assertThat(documents).isNotEmpty().allSatisfy(KubernetesTypes::typed);
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void patchesLeaveOnlyFieldsThatKubernetesKnows(Path overlay) {
    assertThat(Installation.of(overlay).objects()).allSatisfy(KubernetesTypes::typed);
  }

  @Test
  void refusesFieldsThatKubernetesDoesNotKnow() {
    JsonNode misspelt =
        KubernetesTypes.documents(
                """
                apiVersion: apps/v1
                kind: Deployment
                spec:
                  template:
                    spec:
                      containers:
                        - name: embedder
                          readynessProbe: {}
                """)
            .getFirst();
    assertThatThrownBy(() -> KubernetesTypes.typed(misspelt)).hasMessageContaining("readyness");
  }

  @Test
  void refusesPatchesOfWhatIsNotThere() {
    JsonNode document = KubernetesTypes.documents("spec: {replicas: 1}").getFirst();
    JsonNode patch = KubernetesTypes.documents("[{op: remove, path: /spec/claims}]").getFirst();
    assertThatThrownBy(() -> new JsonPatch(patch).apply(document))
        .hasMessageContaining("nothing is there");
  }

  @ParameterizedTest
  @MethodSource("overlays")
  void noTwoObjectsHaveTheSameName(Path overlay) {
    assertThat(Installation.of(overlay).objects().stream().map(ManifestsTest::identity).toList())
        .doesNotHaveDuplicates();
  }

  /** Our own reading of the kustomizations against the real one, where there is a kubectl. */
  @ParameterizedTest
  @MethodSource("overlays")
  void kustomizeBuildsTheSame(Path overlay) throws Exception {
    Map<String, JsonNode> built =
        KubernetesTypes.documents(kustomize(overlay)).stream()
            .map(ManifestsTest::withoutHashes)
            .collect(Collectors.toMap(ManifestsTest::identity, object -> object));
    Map<String, JsonNode> ours = new HashMap<>();
    Installation.of(overlay).objects().forEach(object -> ours.put(identity(object), object));
    assertThat(ours.keySet()).isEqualTo(built.keySet());
    ours.forEach((name, object) -> assertThat(object).as(name).isEqualTo(built.get(name)));
  }

  private static String kustomize(Path overlay) throws Exception {
    Process process;
    try {
      process =
          new ProcessBuilder("kubectl", "kustomize", overlay.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException absent) {
      Assumptions.abort("there is no kubectl");
      throw absent;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** Takes the hashes of generated ConfigMaps off their names, where they are used too. */
  private static JsonNode withoutHashes(JsonNode object) {
    if (Installation.kind(object).equals("ConfigMap")) {
      withoutHash((ObjectNode) object.path("metadata"));
    }
    object
        .findParents("configMapRef")
        .forEach(use -> withoutHash((ObjectNode) use.path("configMapRef")));
    object.findParents("configMap").forEach(use -> withoutHash((ObjectNode) use.path("configMap")));
    return object;
  }

  private static void withoutHash(ObjectNode named) {
    named.put("name", named.path("name").asText().replaceFirst("-[a-z0-9]{10}$", ""));
  }

  private static String identity(JsonNode object) {
    return Installation.kind(object) + "/" + Installation.name(object);
  }
}
