package dev.likeness.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Alerts and dashboard ask for metrics that the services register. That they are exported under
 * these names is seen on the running platform, in {@code MainJobIT}.
 */
class MonitoringTest {

  private static final Pattern METER = Pattern.compile("\"likeness\\.([a-z.]+)\"");
  private static final Pattern OF_A_SERVICE = Pattern.compile("PREFIX \\+ \"([a-z.]+)\"");
  private static final Pattern UNIT = Pattern.compile("_(bytes|seconds|total|count|sum|bucket)");

  @Test
  void ourOwnMetricsAreRegisteredSomewhere() {
    Set<String> registered = new HashSet<>();
    for (String service : List.of("embedder", "index", "trainer", "gateway")) {
      ServiceSource source = new ServiceSource(service);
      source.findInSources(METER).forEach(name -> registered.add(name.group(1)));
      source
          .findInSources(OF_A_SERVICE)
          .forEach(name -> registered.add(service + "." + name.group(1)));
    }
    Set<String> known =
        registered.stream().map(MonitoringTest::withoutUnit).collect(Collectors.toSet());
    Set<String> ours =
        MetricNames.asked().stream()
            .filter(name -> name.startsWith("likeness_"))
            .collect(Collectors.toSet());
    assertThat(ours).hasSizeGreaterThan(15);
    assertThat(ours)
        .allSatisfy(
            name -> assertThat(known).contains(withoutUnit(name.substring("likeness_".length()))));
  }

  private static String withoutUnit(String name) {
    return UNIT.matcher(name.replace('.', '_')).replaceAll("");
  }

  @Test
  void everyQueryIsBalancedAndLooksAtOneInstallation() {
    for (JsonNode query : MetricNames.queries()) {
      String text = query.asText();
      for (String pair : List.of("()", "{}", "[]")) {
        assertThat(text.chars().filter(c -> c == pair.charAt(0)).count())
            .as(text)
            .isEqualTo(text.chars().filter(c -> c == pair.charAt(1)).count());
      }
      assertThat(text.split("\\{").length)
          .as(text)
          .isEqualTo(text.split("\\{namespace=\"likeness\"").length);
    }
  }

  @Test
  void everyAlertSaysWhatIsBrokenAndWhatToDo() {
    Set<String> names = new HashSet<>();
    for (JsonNode group :
        KubernetesTypes.documents(MetricNames.DIRECTORY.resolve("rules.yaml"))
            .getFirst()
            .at("/spec/groups")) {
      for (JsonNode rule : group.path("rules")) {
        assertThat(names.add(rule.path("alert").asText())).isTrue();
        assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
        assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
        assertThat(rule.at("/annotations/description").asText()).isNotEmpty();
      }
    }
    assertThat(names).isNotEmpty();
  }

  @Test
  void panelsLieBesideAndNotOnOneAnother() {
    Set<String> places = new HashSet<>();
    Set<Integer> ids = new HashSet<>();
    for (JsonNode panel :
        KubernetesTypes.documents(MetricNames.DIRECTORY.resolve("dashboard.json"))
            .getFirst()
            .path("panels")) {
      assertThat(ids.add(panel.path("id").asInt())).isTrue();
      JsonNode at = panel.path("gridPos");
      for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
        for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
          assertThat(places.add(x + "," + y)).as(panel.path("title").asText()).isTrue();
        }
      }
    }
  }
}
