package dev.likeness.service;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A client named a file that it may not reach. */
public final class PathOutsideRootsException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Stable reason for clients. */
  public static final String REASON = "PATH_OUTSIDE_ROOTS";

  PathOutsideRootsException(String clientPath, List<Path> roots) {
    super(
        "'%s' is not an absolute path below one of the allowed directories (%s); allow its directory with './likeness roots add DIRECTORY' or the setting likeness.platform.roots"
            .formatted(
                clientPath,
                roots.isEmpty()
                    ? "none"
                    : roots.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }
}
