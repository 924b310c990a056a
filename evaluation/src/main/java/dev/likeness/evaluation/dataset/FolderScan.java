package dev.likeness.evaluation.dataset;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The images below one folder; the first folder below it is their class. */
final class FolderScan {
  /** Deeper nesting than this is taken for links that form a circle. */
  private static final int MAX_DEPTH = 8;

  private static final Set<String> SYSTEM_FILES = Set.of("thumbs.db", "desktop.ini");

  private final Path root;
  private final List<ImageFile> images = new ArrayList<>();
  private int otherFiles;

  private FolderScan(Path root) {
    this.root = root;
  }

  static FolderScan of(Path root, Path folder) {
    FolderScan scan = new FolderScan(root);
    try {
      scan.visit(folder, null, 0);
    } catch (IOException e) {
      throw new DatasetException.Unreadable(folder, e);
    }
    return scan;
  }

  List<ImageFile> images() {
    return images;
  }

  /** How many visible files are no images. */
  int otherFiles() {
    return otherFiles;
  }

  private void visit(Path folder, @Nullable String className, int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new FileSystemLoopException(
          "folders are nested deeper than %d; is a link pointing to its own parent?"
              .formatted(MAX_DEPTH));
    }
    refuseOutside(folder);
    for (Path entry : entries(folder)) {
      String name = entry.getFileName().toString();
      if (name.startsWith(".") || SYSTEM_FILES.contains(name.toLowerCase(Locale.ROOT))) {
        continue;
      }
      if (Files.isDirectory(entry)) {
        visit(entry, className == null ? name : className, depth + 1);
      } else if (DatasetLayout.isImage(name)) {
        if (Files.isSymbolicLink(entry)) {
          refuseOutside(entry);
        }
        images.add(new ImageFile(name, entry, className));
      } else {
        otherFiles++;
      }
    }
  }

  private void refuseOutside(Path path) {
    try {
      if (!path.toRealPath().startsWith(root)) {
        throw new DatasetException.OutsideRoot(path, root);
      }
    } catch (IOException e) {
      throw new DatasetException.Unreadable(path, e);
    }
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new DatasetException.Unreadable(folder, e);
    }
  }
}
