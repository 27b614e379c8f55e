package org.elasticsearch.plugins;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.env.Environment;

/**
 * Plugins that are on the class path, instead of those that a distribution keeps in folders. Stands in
 * Elasticsearch's own package because the record of a loaded plugin is visible there only.
 */
public final class GivenPlugins extends PluginsService {
  private final List<LoadedPlugin> loaded;

  public GivenPlugins(Environment environment, PluginsLoader loader, List<Plugin> plugins) {
    super(environment.settings(), environment.configDir(), loader);
    loaded = plugins.stream().map(GivenPlugins::loaded).toList();
  }

  /** A loader that looks for nothing. */
  public static PluginsLoader nothing() {
    return PluginsLoader.createPluginsLoader(Set.of(), Set.of(), Map.of(), false);
  }

  @Override
  protected List<LoadedPlugin> plugins() {
    // Asked for by the constructor of the superclass too.
    return loaded == null ? List.of() : loaded;
  }

  private static LoadedPlugin loaded(Plugin plugin) {
    String name = plugin.getClass().getSimpleName();
    PluginDescriptor descriptor =
        new PluginDescriptor(
            name, name, "given", "", "21", plugin.getClass().getName(), null, List.of(), false, false, false, false);
    return new LoadedPlugin(descriptor, plugin, plugin.getClass().getClassLoader());
  }
}
