package dev.likeness.system.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A Deployment or StatefulSet. */
record Workload(ObjectNode object) {

  String name() {
    return Installation.name(object);
  }

  boolean isStateful() {
    return Installation.kind(object).equals("StatefulSet");
  }

  ObjectNode spec() {
    return (ObjectNode) object.path("spec");
  }

  JsonNode pod() {
    return spec().path("template").path("spec");
  }

  int replicas() {
    return spec().path("replicas").asInt();
  }

  /** Labels of its pods. */
  Map<String, String> labels() {
    return strings(spec().path("template").path("metadata").path("labels"));
  }

  /** The container that gives the workload its name. */
  ObjectNode container() {
    return allContainers().stream()
        .filter(container -> container.path("name").asText().equals(name()))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no container is called " + name()));
  }

  List<ObjectNode> allContainers() {
    return Stream.of("initContainers", "containers")
        .flatMap(kind -> elements(pod().path(kind)))
        .map(ObjectNode.class::cast)
        .toList();
  }

  /** Names of ports → numbers. */
  Map<String, Integer> ports() {
    Map<String, Integer> ports = new TreeMap<>();
    elements(container().path("ports"))
        .forEach(port -> ports.put(port.path("name").asText(), port.path("containerPort").asInt()));
    return ports;
  }

  /** Names of volumes, those of claim templates included. */
  Set<String> volumes() {
    Set<String> names = new HashSet<>();
    elements(pod().path("volumes")).forEach(volume -> names.add(volume.path("name").asText()));
    elements(spec().path("volumeClaimTemplates"))
        .forEach(claim -> names.add(Installation.name(claim)));
    return names;
  }

  /** Claims that others may mount as well. */
  List<String> sharedClaims() {
    return elements(pod().path("volumes"))
        .map(volume -> volume.path("persistentVolumeClaim").path("claimName"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .toList();
  }

  /** Where something can be written. */
  List<String> writableMounts() {
    return elements(container().path("volumeMounts"))
        .filter(mount -> !mount.path("readOnly").asBoolean())
        .map(mount -> mount.path("mountPath").asText())
        .toList();
  }

  /** Variables of the container; those that come from a Secret have an empty value. */
  Map<String, String> environment(Installation installation) {
    Map<String, String> environment = new TreeMap<>();
    elements(container().path("envFrom"))
        .map(source -> source.path("configMapRef").path("name").asText())
        .forEach(
            name ->
                environment.putAll(
                    strings(installation.find("ConfigMap", name).orElseThrow().path("data"))));
    elements(container().path("env"))
        .forEach(
            variable ->
                environment.put(variable.path("name").asText(), variable.path("value").asText("")));
    return environment;
  }

  List<String> secretVariables() {
    List<String> names = new ArrayList<>();
    elements(container().path("env"))
        .filter(variable -> variable.at("/valueFrom/secretKeyRef/name").isTextual())
        .forEach(variable -> names.add(variable.path("name").asText()));
    return names;
  }

  static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  static Map<String, String> strings(JsonNode object) {
    Map<String, String> map = new TreeMap<>();
    object.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }
}
