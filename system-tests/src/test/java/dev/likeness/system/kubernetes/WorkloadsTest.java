package dev.likeness.system.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects of an installation fit one another, and its pods are as confined as they can be. */
class WorkloadsTest {

  /** Bases are installed as a part of overlays only. */
  static List<Installation> installations() {
    return Installation.overlays().stream().map(Installation::of).toList();
  }

  static Stream<Workload> workloads() {
    return installations().stream().flatMap(installation -> installation.workloads().stream());
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void selectsItsOwnPodsAndNoOthers(Workload workload) {
    Map<String, String> selector = Workload.strings(workload.spec().at("/selector/matchLabels"));
    assertThat(workload.labels()).containsAllEntriesOf(selector);
    assertThat(selector).containsEntry("app.kubernetes.io/name", workload.name());
  }

  @ParameterizedTest
  @MethodSource("installations")
  void servicesLeadToPortsThatPodsHave(Installation installation) {
    for (JsonNode service : installation.ofKind("Service")) {
      List<Workload> behind = selected(installation, service.at("/spec/selector"));
      assertThat(behind).as(Installation.name(service)).isNotEmpty();
      for (JsonNode port : service.at("/spec/ports")) {
        for (Workload workload : behind) {
          String target = port.path("targetPort").asText();
          assertThat(workload.ports())
              .as(Installation.name(service))
              .containsEntry(target, port.path("port").asInt());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("installations")
  void statefulSetsAreNamedByAServiceWithoutAddress(Installation installation) {
    for (Workload workload : installation.workloads()) {
      if (workload.isStateful()) {
        String name = workload.spec().path("serviceName").asText();
        ObjectNode service = installation.find("Service", name).orElseThrow();
        assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("None");
        assertThat(selected(installation, service.at("/spec/selector"))).contains(workload);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void mountsVolumesThatItHasAndHasNoOthers(Workload workload) {
    Set<String> mounted =
        workload.allContainers().stream()
            .flatMap(container -> Workload.elements(container.path("volumeMounts")))
            .map(mount -> mount.path("name").asText())
            .collect(Collectors.toSet());
    assertThat(mounted).isEqualTo(workload.volumes());
  }

  @ParameterizedTest
  @MethodSource("installations")
  void namesClaimsAndSettingsThatAreThere(Installation installation) {
    for (Workload workload : installation.workloads()) {
      for (String claim : workload.sharedClaims()) {
        assertThat(installation.find("PersistentVolumeClaim", claim)).as(claim).isPresent();
      }
      for (JsonNode name : workload.object().findValues("configMapRef")) {
        assertThat(installation.find("ConfigMap", name.path("name").asText())).isPresent();
      }
      for (JsonNode name : workload.pod().path("volumes").findValues("configMap")) {
        assertThat(installation.find("ConfigMap", name.path("name").asText())).isPresent();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("installations")
  void noSecretIsPartOfTheTree(Installation installation) {
    assertThat(installation.ofKind("Secret")).isEmpty();
    for (Workload workload : installation.workloads()) {
      workload
          .environment(installation)
          .forEach(
              (name, value) -> {
                if (name.matches(".*(PASSWORD|TOKEN|SECRET|_USER).*")) {
                  assertThat(value).as(name).isEmpty();
                  assertThat(workload.secretVariables()).contains(name);
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void podsMayDoNothingThatTheyNeedNot(Workload workload) {
    JsonNode pod = workload.pod();
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
    JsonNode user = pod.path("securityContext");
    assertThat(user.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(user.path("runAsUser").asInt()).isPositive();
    assertThat(user.path("fsGroup").asInt()).isEqualTo(user.path("runAsGroup").asInt());
    assertThat(user.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    for (ObjectNode container : workload.allContainers()) {
      JsonNode rights = container.path("securityContext");
      assertThat(rights.path("readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(rights.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(rights.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void containersSayWhatTheyNeed(Workload workload) {
    for (ObjectNode container : workload.allContainers()) {
      for (String resource : List.of("cpu", "memory", "ephemeral-storage")) {
        assertThat(container.at("/resources/requests").path(resource).asText()).isNotEmpty();
        assertThat(container.at("/resources/limits").path(resource).asText()).isNotEmpty();
      }
      assertThat(container.at("/resources/limits/memory"))
          .as("what was promised is there: nobody is killed because a neighbor grows")
          .isEqualTo(container.at("/resources/requests/memory"));
      assertThat(container.path("image").asText()).matches(".+:\\d+\\.\\d+\\.\\d+");
    }
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      JsonNode port = workload.container().path(probe).findValue("port");
      assertThat(port).as(probe).isNotNull();
      assertThat(workload.ports()).as(probe).containsKey(port.asText());
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void localStorageIsBoundedByWhatTheNodeGives(Workload workload) {
    long megabytes =
        Workload.elements(workload.pod().path("volumes"))
            .filter(volume -> volume.has("emptyDir"))
            .mapToLong(volume -> Quantity.bytes(volume.at("/emptyDir/sizeLimit").asText()))
            .sum();
    assertThat(megabytes)
        .isLessThanOrEqualTo(
            Quantity.bytes(
                workload.container().at("/resources/limits/ephemeral-storage").asText()));
  }

  /**
   * A claim template gives each replica its own disk, and a service knows the files of its own
   * only.
   */
  @ParameterizedTest
  @MethodSource("installations")
  void whatOwnsItsDiskIsThereOnce(Installation installation) {
    for (Workload workload : installation.workloads()) {
      if (workload.spec().has("volumeClaimTemplates")) {
        assertThat(workload.isStateful()).isTrue();
        assertThat(workload.replicas()).as(workload.name()).isEqualTo(1);
      }
    }
    assertThat(installation.workloads())
        .filteredOn(workload -> workload.name().equals("gateway"))
        .singleElement()
        .satisfies(gateway -> assertThat(gateway.replicas()).isEqualTo(1));
  }

  /** Where pods of several nodes mount a claim, it must be one that several nodes can mount. */
  @ParameterizedTest
  @MethodSource("overlays")
  void claimsThatAreSharedCanBeShared(Path overlay) {
    Installation installation = Installation.of(overlay);
    Map<String, Integer> pods = new HashMap<>();
    for (Workload workload : installation.workloads()) {
      workload
          .sharedClaims()
          .forEach(claim -> pods.merge(claim, workload.replicas(), Integer::sum));
    }
    boolean oneNode = overlay.endsWith("laptop");
    pods.forEach(
        (claim, count) -> {
          JsonNode modes =
              installation
                  .find("PersistentVolumeClaim", claim)
                  .orElseThrow()
                  .at("/spec/accessModes");
          assertThat(count).as(claim).isGreaterThan(1);
          assertThat(modes).as(claim).hasSize(1);
          assertThat(modes.get(0).asText()).isEqualTo(oneNode ? "ReadWriteOnce" : "ReadWriteMany");
        });
  }

  static List<Path> overlays() {
    return Installation.overlays();
  }

  @ParameterizedTest
  @MethodSource("installations")
  void budgetsLetNodesBeDrained(Installation installation) {
    for (JsonNode budget : installation.ofKind("PodDisruptionBudget")) {
      Workload workload =
          selected(installation, budget.at("/spec/selector/matchLabels")).getFirst();
      assertThat(workload.replicas()).as(workload.name()).isGreaterThan(1);
      assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(1);
    }
    for (Workload workload : installation.workloads()) {
      boolean budgeted = installation.find("PodDisruptionBudget", workload.name()).isPresent();
      assertThat(budgeted).as(workload.name()).isEqualTo(workload.replicas() > 1);
    }
  }

  /** A client with one connection per address spreads its calls only if it sees all addresses. */
  @ParameterizedTest
  @MethodSource("installations")
  void clientsSeeEveryReplicaOfWhatTheyCall(Installation installation) {
    for (Workload client : installation.workloads()) {
      client
          .environment(installation)
          .forEach(
              (name, host) -> {
                if (name.matches("QUARKUS_GRPC_CLIENTS_\\w+_HOST")) {
                  Workload server =
                      installation.workloads().stream()
                          .filter(workload -> workload.name().equals(host))
                          .findFirst()
                          .orElseThrow();
                  boolean headless =
                      installation
                          .find("Service", host)
                          .orElseThrow()
                          .at("/spec/clusterIP")
                          .asText()
                          .equals("None");
                  String policy =
                      client
                          .environment(installation)
                          .getOrDefault(
                              name.replace("_HOST", "_LOAD_BALANCING_POLICY"), "pick_first");
                  assertThat(policy).isEqualTo(headless ? "round_robin" : "pick_first");
                  assertThat(headless).as(host).isEqualTo(mayBeMany(server));
                }
              });
    }
  }

  private static boolean mayBeMany(Workload workload) {
    return !workload.spec().has("volumeClaimTemplates");
  }

  /**
   * DNS answers of 30 s, kept by the JVM for 5 s, must have expired before a pod stops listening.
   */
  @ParameterizedTest
  @MethodSource("installations")
  void podsBehindDnsStayUntilItHasForgottenThem(Installation installation) {
    for (Workload workload : installation.workloads()) {
      boolean headless =
          installation
              .find("Service", workload.name())
              .map(service -> service.at("/spec/clusterIP").asText().equals("None"))
              .orElse(false);
      JsonNode pause = workload.container().at("/lifecycle/preStop/exec/command/1");
      assertThat(pause.isMissingNode()).as(workload.name()).isNotEqualTo(headless);
      if (headless) {
        assertThat(pause.asInt()).isGreaterThan(35);
      }
      assertThat(workload.pod().path("terminationGracePeriodSeconds").asInt())
          .isGreaterThanOrEqualTo(pause.asInt() + 15);
    }
  }

  @ParameterizedTest
  @MethodSource("installations")
  void policiesAllowPortsThatPodsHave(Installation installation) {
    for (JsonNode policy : installation.ofKind("NetworkPolicy")) {
      List<Workload> guarded = selected(installation, policy.at("/spec/podSelector/matchLabels"));
      assertThat(guarded).as(Installation.name(policy)).isNotEmpty();
      policy
          .findValues("port")
          .forEach(
              port ->
                  assertThat(guarded)
                      .as(port.asText())
                      .anySatisfy(
                          workload -> assertThat(workload.ports()).containsKey(port.asText())));
      for (JsonNode peer : policy.findValues("podSelector")) {
        JsonNode labels = peer.path("matchLabels");
        if (labels.has("app.kubernetes.io/name")) {
          assertThat(selected(installation, labels)).as(labels.toString()).isNotEmpty();
        }
      }
    }
  }

  private static List<Workload> selected(Installation installation, JsonNode selector) {
    Map<String, String> wanted = Workload.strings(selector);
    return installation.workloads().stream()
        .filter(workload -> workload.labels().entrySet().containsAll(wanted.entrySet()))
        .toList();
  }
}
