package dev.likeness.system.kubernetes;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** What the sources of a service say: its settings, its ports, and what it names. */
record ServiceSource(String name) {

  private static final Pattern MAPPING = Pattern.compile("@ConfigMapping\\(prefix = \"([a-z.]+)\"");

  /** Folder of the module. */
  String module() {
    return name.equals("gateway") ? name : name + "-service";
  }

  /** The service's own defaults of settings of the framework. */
  Properties properties() {
    Properties properties = new Properties();
    Path file =
        Installation.ROOT.resolve(module()).resolve("src/main/resources/application.properties");
    try (var reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  /**
   * Everything that can be set: the service's interfaces, those of all services, the properties.
   */
  Set<String> settings() {
    Set<String> settings = new TreeSet<>(properties().stringPropertyNames());
    for (Path file : files(Set.of(module(), "service-kit"), "Config.java")) {
      String text = read(file);
      MAPPING
          .matcher(text)
          .results()
          .forEach(mapping -> settings.addAll(settings(file, mapping.group(1))));
    }
    settings.stream()
        .map(key -> key.replaceFirst("^(quarkus\\.grpc\\.clients\\.\\w+\\.)host$", "$1"))
        .filter(key -> key.startsWith("quarkus.grpc.clients.") && key.endsWith("."))
        .toList()
        .forEach(client -> settings.add(client + "load-balancing-policy"));
    return settings;
  }

  /** What matches in any source of the service and of the libraries that it is built on. */
  List<MatchResult> findInSources(Pattern pattern) {
    return files(Set.of(module(), "service-kit", "encoders", "training"), ".java").stream()
        .flatMap(file -> pattern.matcher(read(file)).results())
        .toList();
  }

  /** The variable by which a setting is given, by the rule of MicroProfile Config. */
  static String variable(String setting) {
    return setting.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  /** Methods of the interface and of the interfaces that they answer, in kebab case. */
  private static Set<String> settings(Path file, String prefix) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(file));
      var type = (ClassTree) task.parse().iterator().next().getTypeDecls().getFirst();
      Map<String, ClassTree> groups =
          type.getMembers().stream()
              .filter(member -> member.getKind() == Tree.Kind.INTERFACE)
              .map(ClassTree.class::cast)
              .collect(Collectors.toMap(t -> t.getSimpleName().toString(), Function.identity()));
      Set<String> settings = new HashSet<>();
      collect(type, prefix, groups, settings);
      return settings;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void collect(
      ClassTree type, String prefix, Map<String, ClassTree> groups, Set<String> settings) {
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method) {
        String key =
            prefix
                + "."
                + method.getName().toString().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        ClassTree group = groups.get(String.valueOf(method.getReturnType()));
        if (group == null) {
          settings.add(key);
        } else {
          collect(group, key, groups, settings);
        }
      }
    }
  }

  private static List<Path> files(Set<String> modules, String ending) {
    return modules.stream()
        .map(module -> Installation.ROOT.resolve(module).resolve("src/main/java"))
        .flatMap(ServiceSource::walk)
        .filter(file -> file.toString().endsWith(ending))
        .toList();
  }

  private static Stream<Path> walk(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
