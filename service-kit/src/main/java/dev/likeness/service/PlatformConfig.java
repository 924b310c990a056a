package dev.likeness.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings that all services share. */
@ConfigMapping(prefix = "likeness.platform")
public interface PlatformConfig {

  /** Directory that holds the state of the platform: model store, collections, jobs, runs. */
  @WithDefault(".likeness")
  Path home();

  /** Directories below which clients may name files. None by default: every path is refused. */
  Optional<List<Path>> roots();

  /**
   * Text file with one more such directory per line; read again whenever it changes, so that a root
   * can be added without a restart.
   */
  Optional<Path> rootsFile();

  /** Deadline of an outgoing unary call that has none of its own. */
  @WithDefault("30s")
  Duration callDeadline();
}
