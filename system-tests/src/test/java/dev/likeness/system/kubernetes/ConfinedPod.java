package dev.likeness.system.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pod without a cluster: the packaged service in a root of its own that is read-only but for the
 * volumes, as the user of the pod, without capabilities, with the variables of the pod and the
 * command of the image.
 */
final class ConfinedPod {

  private static final String JAVA_HOME = System.getProperty("java.home");

  private final Workload workload;
  private final Installation installation;
  private final Path folder;
  private final Map<String, String> places;

  /**
   * @param folder keeps what is in the volumes, by their names
   * @param places variables that are other than in the cluster: addresses and ports
   */
  ConfinedPod(
      Workload workload, Installation installation, Path folder, Map<String, String> places) {
    this.workload = workload;
    this.installation = installation;
    this.folder = folder;
    this.places = Map.copyOf(places);
  }

  /** Whether namespaces and mounts may be made here, and a user be taken; only root may. */
  static boolean isPossible() throws InterruptedException {
    String attempt =
        "mount --make-rprivate / && mount -t tmpfs tmpfs /mnt && setpriv --reuid 10001 --no-new-privs true";
    try {
      return new ProcessBuilder("unshare", "-m", "sh", "-c", attempt).start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /** Starts it; the process is the service itself. */
  Process start(Path log) throws IOException {
    return new ProcessBuilder("unshare", "-m", "sh", "-c", script())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Makes the root in a mount namespace of its own, and becomes the service in it. */
  private String script() throws IOException {
    Path root = Files.createDirectories(folder.resolve("roots").resolve(workload.name()));
    int user = workload.pod().at("/securityContext/runAsUser").asInt();
    List<String> lines = new ArrayList<>(List.of("set -eu", "mount --make-rprivate /"));
    lines.add("mount -t tmpfs tmpfs " + root);
    for (String link : List.of("lib", "lib64", "bin")) {
      lines.add("ln -s usr/%s %s/%s".formatted(link, root, link));
    }
    lines.add(mount(Path.of("/usr"), root, "/usr", true));
    if (!JAVA_HOME.startsWith("/usr/")) {
      lines.add(mount(Path.of(JAVA_HOME), root, JAVA_HOME, true));
    }
    lines.add(mount(Path.of("/etc"), root, "/etc", true));
    lines.add("mount --bind %s %s/etc/hosts".formatted(hosts(), root));
    for (String system : List.of("/proc", "/dev", "/sys")) {
      lines.add(mount(Path.of(system), root, system, false));
    }
    Path application =
        Installation.ROOT
            .resolve(new ServiceSource(workload.name()).module())
            .resolve("target/quarkus-app");
    lines.add(mount(application.toAbsolutePath().normalize(), root, "/app", true));
    for (JsonNode mount : workload.container().path("volumeMounts")) {
      Path volume = volume(mount.path("name").asText());
      lines.add("chown %d:%d %s".formatted(user, user, volume));
      lines.add(
          mount(
              volume, root, mount.path("mountPath").asText(), mount.path("readOnly").asBoolean()));
    }
    lines.add("mount -o remount,ro " + root);
    lines.add("exec chroot %s %s".formatted(root, command(user)));
    return String.join("\n", lines) + "\n";
  }

  /** What lies in a volume; claims of several pods are one, all others belong to this pod. */
  Path volume(String name) throws IOException {
    boolean shared = workload.sharedClaims().contains(name);
    Path volumes = folder.resolve("volumes");
    return Files.createDirectories(
        shared ? volumes.resolve(name) : volumes.resolve(workload.name() + "-" + name));
  }

  /** All names of the installation are this machine. */
  private Path hosts() throws IOException {
    String names = String.join(" ", installation.workloads().stream().map(Workload::name).toList());
    return Files.writeString(
        Files.createDirectories(folder).resolve("hosts"), "127.0.0.1 localhost " + names + "\n");
  }

  private String command(int user) throws IOException {
    StringBuilder command =
        new StringBuilder(
            "setpriv --reuid %d --regid %d --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs env -i -C /app"
                .formatted(user, user));
    Map<String, String> variables = new TreeMap<>(workload.environment(installation));
    variables.putAll(places);
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      command
          .append(" '")
          .append(variable.getKey())
          .append('=')
          .append(variable.getValue())
          .append('\'');
    }
    List<String> words = new ArrayList<>(ContainerImageTest.entrypointWords());
    words.set(0, Path.of(JAVA_HOME, "bin", "java").toString());
    return command.append(' ').append(String.join(" ", words)).toString();
  }

  private static String mount(Path source, Path root, String target, boolean readOnly) {
    String at = root + target;
    String mount = "mkdir -p %s && mount --bind %s %s".formatted(at, source, at);
    return readOnly ? mount + " && mount -o remount,bind,ro " + at : mount;
  }
}
