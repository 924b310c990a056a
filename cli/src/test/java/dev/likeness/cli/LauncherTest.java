package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front door {@code ./likeness}, as far as it goes without starting a JVM of the platform. */
class LauncherTest {
  private static final Path ROOT = Path.of(System.getProperty("likeness.root", ".."));

  private static final int EMBEDDER_HTTP = 8081;
  private static final int KAFKA = 19_092;

  /** Every port of a platform. */
  private static final List<Integer> PORTS =
      List.of(8080, EMBEDDER_HTTP, 8082, 8083, 9000, 9001, 9002, 9003, KAFKA, KAFKA + 1);

  /** The system gives ports above 32768 to whoever asks for any; these stay below. */
  private static final int MOST_OFFSET = 32_000 - KAFKA;

  /** All that the launcher takes from the system. */
  private static final List<String> TOOLS =
      List.of(
          "awk",
          "cat",
          "cut",
          "date",
          "dirname",
          "find",
          "grep",
          "head",
          "ln",
          "mkdir",
          "mv",
          "ps",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "tail",
          "tr");

  @TempDir private Path directory;
  private Path home;
  private int portOffset;

  @BeforeEach
  void findFreePorts() {
    do {
      portOffset = ThreadLocalRandom.current().nextInt(1_000, MOST_OFFSET);
    } while (!PORTS.stream().allMatch(port -> isFree(port + portOffset)));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }

  @BeforeEach
  void findBash() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "the launcher needs bash");
    home = Files.createDirectories(directory.resolve("my home"));
  }

  @Test
  void listsTheCommands() throws Exception {
    // When
    Outcome outcome = launch(Map.of(), "help");

    // Then
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("./likeness compete", "./likeness demo", "./likeness up");
  }

  @Test
  void refusesAnUnknownCommand() throws Exception {
    // When
    Outcome outcome = launch(Map.of(), "competee");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("likeness: there is no command 'competee'; './likeness help' lists them\n");
  }

  @Test
  void saysWhatToInstallWhenThereIsNoJdk25() throws Exception {
    // Given
    Path old = fakeJdk("old", "21.0.4");

    // When
    Outcome outcome = launch(withoutJava(old), "build");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .hasLineCount(1)
        .startsWith("likeness: a JDK 25 is needed (found 21.0.4 in " + old + ")")
        .contains("https://adoptium.net");
  }

  @Test
  void findsAJdk25BesideAnOlderDefault() throws Exception {
    // Given: JAVA_HOME is old, and one of the usual places holds a JDK 25
    Path old = fakeJdk("old", "17.0.9");
    fakeJdk("jdks/temurin 25", "25.0.1");
    Map<String, String> environment = withoutJava(old);
    environment.put("LIKENESS_JDK_DIRS", directory.resolve("jdks").toString());
    environment.put("LIKENESS_BUILD", "never");

    // When
    Outcome outcome = launch(environment, "version");

    // Then: it was used to run the client
    assertThat(outcome.out()).contains("fake java 25.0.1");
  }

  @Test
  void asksAJdkThatDoesNotTellItsVersionInAFile() throws Exception {
    // Given
    Path jdk = fakeJdk("old", "25.0.1");
    Files.delete(jdk.resolve("release"));
    Map<String, String> environment = withoutJava(jdk);
    environment.put("LIKENESS_BUILD", "never");

    // When
    Outcome outcome = launch(environment, "version");

    // Then
    assertThat(outcome.out()).contains("fake java 25.0.1");
  }

  @Test
  void saysWhatToInstallWhenThereIsNoMaven() throws Exception {
    // Given: nothing is built in a checkout that holds the launcher alone
    Path checkout = copyOfTheLauncher();
    Map<String, String> environment = withoutJava(fakeJdk("jdk", "25.0.1"));

    // When
    Outcome outcome = launchFrom(checkout, environment, "build");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("Maven is needed to build, 3.8.7 or newer");
  }

  @Test
  void namesTheTakenPortItsHolderAndTheSettingThatMovesIt() throws Exception {
    // Given
    int port = KAFKA + portOffset;
    try (ServerSocket holder = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      // When
      Outcome outcome = launch(fakePlatform(), "up");

      // Then
      assertThat(holder.isClosed()).isFalse();
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("likeness: port " + port + ", which kafka needs, is taken by ")
          .contains("LIKENESS_PORT_OFFSET");
    }
  }

  @Test
  void printsALauncherFailureAsJsonWhereWanted() throws Exception {
    // Given
    Map<String, String> environment = withoutJava(fakeJdk("old", "17.0.9"));

    // When
    Outcome outcome = launch(environment, "compete", "--json");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out())
        .hasLineCount(1)
        .startsWith("{\"error\":{\"reason\":\"JDK_NOT_FOUND\",\"message\":\"a JDK 25 is needed");
  }

  @Test
  void leavesAProgramAloneThatGotTheIdOfOurProcess() throws Exception {
    // Given: our pid file, and the id now belongs to somebody else
    Process stranger = new ProcessBuilder("sleep", "3600").start();
    try {
      writePid("embedder", stranger.pid());

      // When
      Outcome status = launch(Map.of(), "status");
      Outcome down = launch(Map.of(), "down");

      // Then
      assertThat(status.out()).containsPattern("embedder +- .* crashed");
      assertThat(down.exitCode()).isZero();
      assertThat(stranger.isAlive()).isTrue();
      assertThat(home.resolve("run/embedder.pid")).doesNotExist();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void saysThatAServiceIsNoLongerRunningBeforeItStartsItAgain() throws Exception {
    // Given: a pid file whose process has ended, and a taken port so that the start goes no further
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    writePid("index", ended.pid());
    int port = EMBEDDER_HTTP + portOffset;
    try (ServerSocket holder = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      // When
      Outcome outcome = launch(fakePlatform(), "up");

      // Then
      assertThat(holder.isClosed()).isFalse();
      assertThat(outcome.err())
          .contains(
              "The index service (process "
                  + ended.pid()
                  + ") is no longer running; starting it again.")
          .contains("port " + port + ", which embedder needs, is taken");
    }
  }

  @Test
  void showsTheEndOfTheLogOfAProcessThatStopsWhileItStarts() throws Exception {
    // When: the fake java ends at once
    Outcome outcome = launch(fakePlatform(), "up");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.err())
        .contains("  | fake java 25.0.1")
        .contains("likeness: kafka stopped while it was starting; its log is " + home);
    assertThat(home.resolve("run/lock")).doesNotExist();
  }

  @Test
  void waitsForAProcessThatHasNotGotRoundToItsCommand() throws Exception {
    // Given: a shell that takes a second until it runs a java that stays and is never ready
    Path jdk = fakeJdk("staying", "25.0.1");
    Files.writeString(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        case "$*" in *StorageTool*) exit 0 ;; esac
        while :; do sleep 0.1; done
        """);
    Map<String, String> environment = new HashMap<>(fakePlatform());
    environment.put("JAVA_HOME", jdk.toString());
    environment.put("LIKENESS_START_TIMEOUT", "1");
    environment.put(
        "BASH_FUNC_cd%%", "() { case $1 in *'my home') sleep 1 ;; esac; builtin cd \"$@\"; }");

    // When
    Outcome outcome = launch(environment, "up");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.err())
        .contains("likeness: not ready after 1 s: kafka")
        .doesNotContain("stopped while it was starting");
    assertThat(home.resolve("run/kafka.pid")).doesNotExist();
  }

  @Test
  void refusesSettingsThatAreNoNumbers() throws Exception {
    // When
    Outcome outcome = launch(Map.of("LIKENESS_PORT_OFFSET", "many"), "status");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("likeness: LIKENESS_PORT_OFFSET must be a whole number, not 'many'\n");
  }

  @Test
  void allowsADirectoryOnce() throws Exception {
    // When
    launch(Map.of(), "roots", "add", directory.toString());
    launch(Map.of(), "roots", "add", directory.toString());
    Outcome outcome = launch(Map.of(), "roots", "list");

    // Then
    assertThat(outcome.out()).isEqualTo(directory.toRealPath() + "\n");
  }

  @Test
  void takesOverTheLockOfAProcessThatHasGone() throws Exception {
    // Given
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    Files.createDirectories(home.resolve("run"));
    Files.createSymbolicLink(home.resolve("run/lock"), Path.of(Long.toString(ended.pid())));

    // When
    Outcome outcome = launch(fakePlatform(), "up");

    // Then: it came as far as starting the broker
    assertThat(outcome.err()).contains("kafka stopped while it was starting");
  }

  private record Outcome(int exitCode, String out, String err) {}

  private Outcome launch(Map<String, String> environment, String... arguments) throws Exception {
    return launchFrom(ROOT, environment, arguments);
  }

  private Outcome launchFrom(Path checkout, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path script = checkout.resolve("likeness").toAbsolutePath();
    Path out = directory.resolve("out.txt");
    Path err = directory.resolve("err.txt");
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", script.toString());
    builder.command().addAll(List.of(arguments));
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LIKENESS_"));
    builder.environment().put("LIKENESS_HOME", home.toString());
    builder.environment().put("LIKENESS_PORT_OFFSET", Integer.toString(portOffset));
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("the launcher does not end: " + Files.readString(err));
    }
    int exitCode = process.exitValue();
    return new Outcome(
        exitCode,
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  /** An environment in which the only Java is the given one. */
  private Map<String, String> withoutJava(Path javaHome) throws IOException {
    Path tools = Files.createDirectories(directory.resolve("tools"));
    for (String name : TOOLS) {
      Path link = tools.resolve(name);
      for (Path program : List.of(Path.of("/bin", name), Path.of("/usr/bin", name))) {
        if (Files.exists(program) && !Files.exists(link)) {
          Files.createSymbolicLink(link, program);
        }
      }
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", tools.toString());
    environment.put("JAVA_HOME", javaHome.toString());
    environment.put("MAVEN_HOME", directory.resolve("no maven").toString());
    environment.put("LIKENESS_JDK_DIRS", directory.resolve("nowhere").toString());
    return environment;
  }

  /** An environment in which the platform's Java prints its version and ends. */
  private Map<String, String> fakePlatform() throws IOException {
    return Map.of("JAVA_HOME", fakeJdk("fake", "25.0.1").toString(), "LIKENESS_BUILD", "never");
  }

  private Path fakeJdk(String name, String version) throws IOException {
    Path jdk = Files.createDirectories(directory.resolve(name));
    Files.createDirectories(jdk.resolve("bin"));
    for (String program : List.of("java", "javac")) {
      Path file = jdk.resolve("bin").resolve(program);
      Files.writeString(
          file,
          """
          #!/bin/sh
          if [ "$1" = -version ]; then echo 'openjdk version "%s"' >&2; else echo 'fake java %s'; fi
          """
              .formatted(version, version));
      file.toFile().setExecutable(true);
    }
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
    return jdk;
  }

  private Path copyOfTheLauncher() throws IOException {
    Path checkout = directory.resolve("checkout");
    Path scripts = Files.createDirectories(checkout.resolve("deploy/local"));
    Files.copy(ROOT.resolve("likeness"), checkout.resolve("likeness"));
    try (Stream<Path> parts = Files.list(ROOT.resolve("deploy/local"))) {
      for (Path part : parts.filter(file -> file.toString().endsWith(".sh")).toList()) {
        Files.copy(part, scripts.resolve(part.getFileName()));
      }
    }
    return checkout;
  }

  private void writePid(String name, long pid) throws IOException {
    Files.createDirectories(home.resolve("run"));
    Files.writeString(home.resolve("run/" + name + ".pid"), pid + "\n0\n");
  }
}
