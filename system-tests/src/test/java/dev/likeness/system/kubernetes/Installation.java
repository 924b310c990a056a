package dev.likeness.system.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The objects that an overlay installs: what {@code kubectl kustomize} prints, of that part of
 * Kustomize which is used here, so that they are tested where there is no kubectl. Whatever is
 * named and not there is an error.
 */
final class Installation {

  static final Path ROOT = Path.of(System.getProperty("likeness.root", ".."));
  static final Path DIRECTORY = ROOT.resolve("deploy/kubernetes");

  private final List<ObjectNode> objects = new ArrayList<>();

  private Installation() {}

  static Installation of(Path kustomization) {
    Installation installation = new Installation();
    try {
      installation.add(kustomization);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return installation;
  }

  /** Directories below {@code overlays/}. */
  static List<Path> overlays() {
    try (Stream<Path> found = Files.list(DIRECTORY.resolve("overlays"))) {
      return found.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode kustomization(Path directory) {
    return KubernetesTypes.documents(directory.resolve("kustomization.yaml")).getFirst();
  }

  List<ObjectNode> objects() {
    return List.copyOf(objects);
  }

  /** Deployments and StatefulSets. */
  List<Workload> workloads() {
    return objects.stream()
        .filter(object -> kind(object).equals("Deployment") || kind(object).equals("StatefulSet"))
        .map(Workload::new)
        .toList();
  }

  List<ObjectNode> ofKind(String kind) {
    return objects.stream().filter(object -> kind(object).equals(kind)).toList();
  }

  Optional<ObjectNode> find(String kind, String name) {
    return ofKind(kind).stream().filter(object -> name(object).equals(name)).findFirst();
  }

  static String kind(JsonNode object) {
    return object.path("kind").asText();
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  private void add(Path directory) throws IOException {
    JsonNode kustomization = kustomization(directory);
    for (JsonNode resource : kustomization.path("resources")) {
      Path path = directory.resolve(resource.asText());
      if (Files.isDirectory(path)) {
        objects.addAll(of(path).objects);
      } else {
        KubernetesTypes.documents(path).forEach(object -> objects.add((ObjectNode) object));
      }
    }
    for (JsonNode component : kustomization.path("components")) {
      add(directory.resolve(component.asText()));
    }
    for (JsonNode generator : kustomization.path("configMapGenerator")) {
      generate(generator, ConfigMaps.entries(directory, generator));
    }
    for (JsonNode patch : kustomization.path("patches")) {
      patch(directory, patch);
    }
    for (JsonNode replica : kustomization.path("replicas")) {
      int found = 0;
      for (Workload workload : workloads()) {
        if (workload.name().equals(replica.path("name").asText())) {
          workload.spec().set("replicas", replica.path("count"));
          found++;
        }
      }
      require(found > 0, "replicas of nothing", replica);
    }
    for (JsonNode image : kustomization.path("images")) {
      rename(image);
    }
    String namespace = kustomization.path("namespace").asText("");
    if (!namespace.isEmpty()) {
      for (ObjectNode object : objects) {
        ObjectNode metadata = (ObjectNode) object.path("metadata");
        metadata.put(kind(object).equals("Namespace") ? "name" : "namespace", namespace);
      }
    }
  }

  private void generate(JsonNode generator, ObjectNode data) {
    String name = generator.path("name").asText();
    Optional<ObjectNode> existing = find("ConfigMap", name);
    if (generator.path("behavior").asText("create").equals("merge")) {
      require(existing.isPresent(), "nothing to merge with", generator);
      ((ObjectNode) existing.orElseThrow().path("data")).setAll(data);
    } else {
      require(existing.isEmpty(), "is there already", generator);
      objects.add(ConfigMaps.object(name, generator.at("/options/labels"), data));
    }
  }

  private void patch(Path directory, JsonNode patch) throws IOException {
    String text =
        patch.has("path")
            ? Files.readString(directory.resolve(patch.path("path").asText()))
            : patch.path("patch").asText();
    JsonPatch change = new JsonPatch(KubernetesTypes.documents(text).getFirst());
    JsonNode target = patch.path("target");
    List<ObjectNode> targets =
        ofKind(target.path("kind").asText()).stream()
            .filter(object -> name(object).matches(target.path("name").asText()))
            .toList();
    require(!targets.isEmpty(), "a patch of nothing", target);
    targets.forEach(change::apply);
  }

  private void rename(JsonNode image) {
    int found = 0;
    for (Workload workload : workloads()) {
      for (ObjectNode container : workload.allContainers()) {
        String[] nameAndTag = container.path("image").asText().split(":", 2);
        if (nameAndTag[0].equals(image.path("name").asText())) {
          container.put(
              "image",
              image.path("newName").asText(nameAndTag[0])
                  + ":"
                  + image.path("newTag").asText(nameAndTag[1]));
          found++;
        }
      }
    }
    require(found > 0, "an image of nothing", image);
  }

  private static void require(boolean holds, String what, JsonNode where) {
    if (!holds) {
      throw new IllegalArgumentException(what + ": " + where);
    }
  }
}
