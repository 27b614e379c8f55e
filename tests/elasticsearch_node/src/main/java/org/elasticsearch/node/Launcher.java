package org.elasticsearch.node;

import discovery.AnalysisComponents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.plugins.GivenPlugins;
import org.elasticsearch.plugins.PluginsLoader;
import org.elasticsearch.plugins.PluginsService;
import org.elasticsearch.transport.netty4.Netty4Plugin;

/**
 * A real Elasticsearch node for tests: {@code Launcher path.home=folder [setting=value …]}.
 *
 * <p>It takes free ports and writes them to {@code logs/http.ports} and {@code logs/transport.ports} of its home. It
 * ends when its standard input does, so that no node outlives the tests that started it, however they end.
 */
public final class Launcher {
  private Launcher() {}

  public static void main(String[] arguments) {
    try {
      run(settings(arguments));
    } catch (Exception error) {
      // Threads of a half-started node would keep the process alive.
      error.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(Settings settings) throws Exception {
    Files.createDirectories(Path.of(settings.get("path.home"), "logs"));
    LogConfigurator.configureESLogging();
    LogConfigurator.configureWithoutConfig(settings);
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            settings, Map.of(), null, () -> "node-" + ProcessHandle.current().pid());
    Node node =
        new Node(NodeConstruction.prepareConstruction(environment, GivenPlugins.nothing(), new Provider(), true));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
    node.start();
    while (System.in.read() != -1) {
      // Nothing is said to a node: only the end counts.
    }
    System.exit(0);
  }

  private static Settings settings(String[] arguments) {
    Settings.Builder settings =
        Settings.builder()
            .put("node.portsfile", true)
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("http.type", Netty4Plugin.NETTY_HTTP_TRANSPORT_NAME)
            .put("transport.type", Netty4Plugin.NETTY_TRANSPORT_NAME)
            .put("discovery.type", "single-node")
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .put("logger.level", "WARN");
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair.length != 2) throw new IllegalArgumentException(argument + ": write setting=value");
      settings.put(pair[0], pair[1]);
    }
    return settings.build();
  }

  private static void close(Node node) {
    try {
      node.close();
    } catch (IOException error) {
      throw new IllegalStateException(error);
    }
  }

  private static final class Provider extends NodeServiceProvider {
    @Override
    PluginsService newPluginService(Environment environment, PluginsLoader loader) {
      return new GivenPlugins(environment, loader, List.of(new Netty4Plugin(), new AnalysisComponents()));
    }
  }
}
