package dev.likeness.system.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a {@code configMapGenerator} makes, without the hash in its name. */
final class ConfigMaps {

  private ConfigMaps() {}

  /** The entries of one generator: lines of {@code envs}, {@code literals}, whole {@code files}. */
  static ObjectNode entries(Path directory, JsonNode generator) throws IOException {
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    for (JsonNode file : generator.path("envs")) {
      try (Stream<String> lines = Files.lines(directory.resolve(file.asText()))) {
        lines.filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(l -> put(data, l));
      }
    }
    generator.path("literals").forEach(literal -> put(data, literal.asText()));
    for (JsonNode file : generator.path("files")) {
      data.put(file.asText(), Files.readString(directory.resolve(file.asText())));
    }
    return data;
  }

  static ObjectNode object(String name, JsonNode labels, ObjectNode data) {
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    map.put("apiVersion", "v1").put("kind", "ConfigMap");
    ObjectNode metadata = map.putObject("metadata").put("name", name);
    if (!labels.isMissingNode()) {
      metadata.set("labels", labels);
    }
    map.set("data", data);
    return map;
  }

  private static void put(ObjectNode data, String line) {
    int end = line.indexOf('=');
    if (end < 1) {
      throw new IllegalArgumentException("no KEY=VALUE: " + line);
    }
    data.put(line.substring(0, end), line.substring(end + 1));
  }
}
