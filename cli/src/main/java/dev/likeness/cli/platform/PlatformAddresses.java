package dev.likeness.cli.platform;

import java.util.Properties;

/**
 * Where the services listen, each {@code host:port}.
 *
 * @param gateway competition runs and search
 * @param embedder images and encoders
 * @param trainer training jobs
 */
public record PlatformAddresses(String gateway, String embedder, String trainer) {

  /** From {@code likeness.<service>.address}; by default this machine and the usual ports. */
  public static PlatformAddresses from(Properties properties) {
    return new PlatformAddresses(
        properties.getProperty("likeness.gateway.address", "127.0.0.1:9000"),
        properties.getProperty("likeness.embedder.address", "127.0.0.1:9001"),
        properties.getProperty("likeness.trainer.address", "127.0.0.1:9003"));
  }
}
