package dev.likeness.encoders.pull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proxies as command line tools take them, from https_proxy, http_proxy, all_proxy and no_proxy in
 * either case; where they say nothing, Java's own settings hold.
 */
final class EnvironmentProxies extends ProxySelector {

  private final Map<String, String> environment;
  private final Optional<ProxySelector> others;
  private final Map<String, Proxy> proxies = new HashMap<>();

  /**
   * @param others asked where the environment names no proxy
   * @throws IllegalArgumentException if a proxy is named that is no address
   */
  EnvironmentProxies(Map<String, String> environment, Optional<ProxySelector> others) {
    this.environment = Map.copyOf(environment);
    this.others = others;
    for (String name : List.of("http_proxy", "https_proxy", "all_proxy")) {
      value(name).ifPresent(text -> proxies.put(name, parse(text)));
    }
  }

  @Override
  public List<Proxy> select(URI address) {
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    if (isExempt(host)) {
      return List.of(Proxy.NO_PROXY);
    }
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    return Optional.ofNullable(proxies.get(scheme + "_proxy"))
        .or(() -> Optional.ofNullable(proxies.get("all_proxy")))
        .map(List::of)
        .or(() -> others.map(selector -> selector.select(address)))
        .orElse(List.of(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
    others.ifPresent(selector -> selector.connectFailed(address, proxy, failure));
  }

  private boolean isExempt(String host) {
    return value("no_proxy").stream()
        .flatMap(list -> Stream.of(list.split(",")))
        .map(entry -> entry.strip().toLowerCase(Locale.ROOT).replaceFirst("^[.*]+", ""))
        .filter(entry -> !entry.isEmpty())
        .anyMatch(entry -> host.equals(entry) || host.endsWith("." + entry));
  }

  private static Proxy parse(String text) {
    try {
      URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
      if (proxy.getHost() != null) {
        int port = proxy.getPort() >= 0 ? proxy.getPort() : 80;
        return new Proxy(
            Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port));
      }
    } catch (IllegalArgumentException malformed) {
      // reported below
    }
    throw new IllegalArgumentException(
        "a proxy is given as http://host:port; what is set is no such address");
  }

  private Optional<String> value(String name) {
    return Stream.of(name, name.toUpperCase(Locale.ROOT))
        .map(environment::get)
        .filter(value -> value != null && !value.isBlank())
        .map(String::strip)
        .findFirst();
  }
}
