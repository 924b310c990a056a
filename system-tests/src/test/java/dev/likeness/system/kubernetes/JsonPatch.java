package dev.likeness.system.kubernetes;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * JSON Patch (RFC 6902): add, remove, replace and test, each of which fails where it does not fit.
 */
record JsonPatch(JsonNode operations) {

  void apply(JsonNode document) {
    for (JsonNode operation : operations) {
      JsonPointer path = JsonPointer.compile(operation.path("path").asText());
      JsonNode parent = document.at(path.head());
      String name = path.last().getMatchingProperty();
      JsonNode value = operation.path("value");
      switch (operation.path("op").asText()) {
        case "add" -> add(parent, name, value.deepCopy());
        case "replace" -> {
          existing(operation, document, path);
          put(parent, name, value.deepCopy());
        }
        case "remove" -> {
          existing(operation, document, path);
          remove(parent, name);
        }
        case "test" -> {
          if (!existing(operation, document, path).equals(value)) {
            throw new IllegalArgumentException("is something else: " + operation);
          }
        }
        default -> throw new IllegalArgumentException("unknown operation: " + operation);
      }
    }
  }

  private static JsonNode existing(JsonNode operation, JsonNode document, JsonPointer path) {
    JsonNode found = document.at(path);
    if (found.isMissingNode()) {
      throw new IllegalArgumentException("nothing is there: " + operation);
    }
    return found;
  }

  private static void add(JsonNode parent, String name, JsonNode value) {
    switch (parent) {
      case ArrayNode array when name.equals("-") -> array.add(value);
      case ArrayNode array -> array.insert(Integer.parseInt(name), value);
      case ObjectNode object -> object.set(name, value);
      default -> throw new IllegalArgumentException("nothing to add '%s' to".formatted(name));
    }
  }

  private static void put(JsonNode parent, String name, JsonNode value) {
    switch (parent) {
      case ArrayNode array -> array.set(Integer.parseInt(name), value);
      case ObjectNode object -> object.set(name, value);
      default -> throw new IllegalArgumentException("no member '%s'".formatted(name));
    }
  }

  private static void remove(JsonNode parent, String name) {
    switch (parent) {
      case ArrayNode array -> array.remove(Integer.parseInt(name));
      case ObjectNode object -> object.remove(name);
      default -> throw new IllegalArgumentException("no member '%s'".formatted(name));
    }
  }
}
