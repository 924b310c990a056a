package dev.likeness.system.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names of metrics that alerts and dashboard ask Prometheus for. */
public final class MetricNames {

  static final Path DIRECTORY = Installation.ROOT.resolve("deploy/monitoring");

  /** What stands in front of the labels that are asked for. */
  private static final Pattern NAME = Pattern.compile("([a-z][a-z0-9_]+)\\{");

  /** Of Prometheus itself: whether a target answered. */
  private static final String UP = "up";

  private MetricNames() {}

  public static Set<String> asked() {
    Set<String> names = new TreeSet<>();
    for (JsonNode query : queries()) {
      NAME.matcher(query.asText()).results().forEach(found -> names.add(found.group(1)));
    }
    names.remove(UP);
    return names;
  }

  static Iterable<JsonNode> queries() {
    Set<JsonNode> queries = new LinkedHashSet<>();
    for (String file : Set.of("rules.yaml", "dashboard.json")) {
      // JSON is YAML
      KubernetesTypes.documents(DIRECTORY.resolve(file))
          .forEach(document -> queries.addAll(document.findValues("expr")));
    }
    return queries;
  }
}
