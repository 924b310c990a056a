package dev.likeness.evaluation.truth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.file.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;

/** The two forms of a label file, as written. */
sealed interface LabelFile {
  /** File names to classes, for both sides. */
  record Classes(SequencedMap<String, String> query, SequencedMap<String, String> gallery)
      implements LabelFile {}

  /** Query names to the names of their right answers. */
  record Answers(SequencedMap<String, SequencedSet<String>> relevant) implements LabelFile {}

  /**
   * @throws TruthException.Unreadable if the file cannot be read
   * @throws TruthException.Malformed if it has neither form
   */
  static LabelFile read(Path file) {
    try {
      JsonNode root = JsonDocument.read(file);
      return root.path("query").isObject() || root.path("gallery").isObject()
          ? classes(file, root)
          : answers(file, root);
    } catch (MalformedJsonException e) {
      throw new TruthException.Malformed(file, e);
    } catch (IOException e) {
      throw new TruthException.Unreadable(file, e);
    }
  }

  private static Classes classes(Path file, JsonNode root) {
    return new Classes(classesOf(file, root, "query"), classesOf(file, root, "gallery"));
  }

  private static SequencedMap<String, String> classesOf(Path file, JsonNode root, String part) {
    if (!root.path(part).isObject()) {
      throw new TruthException.Malformed(file, "'" + part + "' is missing");
    }
    SequencedMap<String, String> classes = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path(part).properties()) {
      if (!entry.getValue().isTextual() && !entry.getValue().isIntegralNumber()) {
        throw new TruthException.Malformed(
            file, "the class of %s image '%s' is no text".formatted(part, entry.getKey()));
      }
      classes.put(bareName(entry.getKey()), entry.getValue().asText());
    }
    return classes;
  }

  private static Answers answers(Path file, JsonNode root) {
    if (!root.isObject() || root.isEmpty()) {
      throw new TruthException.Malformed(file, "it holds no labels");
    }
    SequencedMap<String, SequencedSet<String>> relevant = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      SequencedSet<String> names = new LinkedHashSet<>();
      if (!entry.getValue().isArray()) {
        throw new TruthException.Malformed(
            file, "the answers of query '%s' are no list".formatted(entry.getKey()));
      }
      for (JsonNode name : entry.getValue()) {
        if (!name.isTextual()) {
          throw new TruthException.Malformed(
              file, "query '%s' lists '%s', which is no file name".formatted(entry.getKey(), name));
        }
        names.add(bareName(name.asText()));
      }
      relevant.put(bareName(entry.getKey()), names);
    }
    return new Answers(relevant);
  }

  /** File name without its folders; label files made elsewhere often carry them. */
  private static String bareName(String name) {
    return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  }
}
