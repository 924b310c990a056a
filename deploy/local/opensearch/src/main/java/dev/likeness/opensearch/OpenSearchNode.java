package dev.likeness.opensearch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * A node of OpenSearch with k-NN in this JVM, for tests and for trying things out: no security, so
 * it belongs on the loopback interface only. Runs until the process ends.
 */
public final class OpenSearchNode extends Node {

  /** Named, because its archive is there when the node runs, not when this is compiled. */
  private static final String VECTORS = "org.opensearch.knn.plugin.KNNPlugin";

  private OpenSearchNode(Environment environment) {
    super(
        environment,
        List.of(
            plugin(Netty4ModulePlugin.class.getName(), List.of()),
            plugin(PainlessModulePlugin.class.getName(), List.of()),
            plugin(VECTORS, List.of(PainlessModulePlugin.class.getName()))),
        false);
  }

  /**
   * Starts a node.
   *
   * @param arguments the home directory, then settings as {@code name=value}
   */
  public static void main(String[] arguments) throws Exception {
    Settings.Builder settings = Settings.builder().put("path.home", arguments[0]);
    for (String argument : List.of(arguments).subList(1, arguments.length)) {
      int equals = argument.indexOf('=');
      settings.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), Path.of(arguments[0], "config"), () -> "node");
    OpenSearchNode node = new OpenSearchNode(environment);
    node.start();
    new CountDownLatch(1).await();
  }

  private static PluginInfo plugin(String type, List<String> extended) {
    return new PluginInfo(
        type,
        "from the class path",
        "NA",
        Version.CURRENT,
        "25",
        type,
        null,
        extended,
        false);
  }
}
