package dev.likeness.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The directories below which clients may name files. Every path that arrives from outside goes
 * through {@link #resolve}; symbolic links are followed before the comparison, so a link inside a
 * root that leads out of it is refused.
 *
 * <p>Safe for use by many threads.
 */
public final class FileRoots {

  private final List<Path> fixedRoots;
  private final @Nullable Path rootsFile;

  /**
   * @param fixedRoots directories that are always allowed
   * @param rootsFile text file with one more directory per line, read at each check; null for none
   */
  public FileRoots(List<Path> fixedRoots, @Nullable Path rootsFile) {
    this.fixedRoots = List.copyOf(fixedRoots);
    this.rootsFile = rootsFile;
  }

  /** The roots of a configuration. */
  public static FileRoots of(PlatformConfig config) {
    return new FileRoots(config.roots().orElse(List.of()), config.rootsFile().orElse(null));
  }

  /**
   * The real path of a client's path. The file need not exist; its nearest existing parent decides.
   *
   * @throws PathOutsideRootsException if it lies below no root, or is not a path at all
   */
  public Path resolve(String clientPath) throws PathOutsideRootsException {
    List<Path> roots = roots();
    Path path;
    try {
      path = Path.of(clientPath);
    } catch (InvalidPathException e) {
      throw new PathOutsideRootsException(clientPath, roots);
    }
    if (clientPath.isBlank() || !path.isAbsolute()) {
      throw new PathOutsideRootsException(clientPath, roots);
    }
    Path real = realPath(path.normalize());
    for (Path root : roots) {
      if (real.startsWith(realPath(root.toAbsolutePath().normalize()))) {
        return real;
      }
    }
    throw new PathOutsideRootsException(clientPath, roots);
  }

  private List<Path> roots() {
    List<Path> roots = new ArrayList<>(fixedRoots);
    if (rootsFile != null && Files.isRegularFile(rootsFile)) {
      try {
        for (String line : Files.readAllLines(rootsFile)) {
          if (!line.isBlank() && !line.startsWith("#")) {
            roots.add(Path.of(line.strip()));
          }
        }
      } catch (IOException | InvalidPathException e) {
        // an unreadable file allows nothing more; the refusal names the roots that are in force
        return roots;
      }
    }
    return roots;
  }

  /** Follows links as far as the path exists and appends the rest as it is. */
  private static Path realPath(Path path) {
    Path existing = path;
    while (existing != null) {
      try {
        return existing.toRealPath().resolve(existing.relativize(path)).normalize();
      } catch (IOException e) {
        existing = existing.getParent();
      }
    }
    return path;
  }
}
