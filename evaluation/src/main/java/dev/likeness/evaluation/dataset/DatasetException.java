package dev.likeness.evaluation.dataset;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A folder that cannot be used as a data set; the message says how to repair it. */
public abstract sealed class DatasetException extends RuntimeException {
  private final transient Path path;

  private DatasetException(Path path, String message) {
    super(message);
    this.path = path;
  }

  /** The folder or file at fault. */
  public Path path() {
    return path;
  }

  /** Stable word for this kind of fault, for clients; the message may change. */
  public abstract String reason();

  /** The data set's folder is absent or no folder. */
  public static final class MissingDirectory extends DatasetException {
    public MissingDirectory(Path directory) {
      super(
          directory,
          "there is no directory '"
              + directory
              + "'; give the folder that holds test/query, test/gallery and training");
    }

    @Override
    public String reason() {
      return "DATASET_NOT_FOUND";
    }
  }

  /** None of the folders that may hold this part exists. */
  public static final class MissingPart extends DatasetException {
    public MissingPart(Path root, String part) {
      super(
          root,
          "'%s' has no %s folder; expected '%s/test/%s' or '%s/%s'"
              .formatted(root, part, root, part, root, part));
    }

    @Override
    public String reason() {
      return "DATASET_PART_MISSING";
    }
  }

  /** The query folder holds no image. */
  public static final class EmptyQuery extends DatasetException {
    public EmptyQuery(Path folder, int otherFiles) {
      super(folder, emptyMessage("query", folder, otherFiles));
    }

    @Override
    public String reason() {
      return "DATASET_QUERY_EMPTY";
    }
  }

  /** The gallery folder holds no image. */
  public static final class EmptyGallery extends DatasetException {
    public EmptyGallery(Path folder, int otherFiles) {
      super(folder, emptyMessage("gallery", folder, otherFiles));
    }

    @Override
    public String reason() {
      return "DATASET_GALLERY_EMPTY";
    }
  }

  /** Two images of one part have the same bare name, so a submission could not tell them apart. */
  public static final class DuplicateName extends DatasetException {
    public DuplicateName(String part, Path first, Path second) {
      super(
          second,
          "two %s images are named '%s': '%s' and '%s'; a submission uses bare names, so rename one of them"
              .formatted(part, second.getFileName(), first, second));
    }

    @Override
    public String reason() {
      return "DATASET_DUPLICATE_NAME";
    }
  }

  /** A symbolic link leads out of the data set's folder. */
  public static final class OutsideRoot extends DatasetException {
    public OutsideRoot(Path link, Path root) {
      super(
          link,
          "'%s' is a link that leaves the data folder '%s'; copy the files into the folder instead"
              .formatted(link, root));
    }

    @Override
    public String reason() {
      return "DATASET_OUTSIDE_ROOT";
    }
  }

  /** A file or folder exists and cannot be read. */
  public static final class Unreadable extends DatasetException {
    public Unreadable(Path path, IOException cause) {
      super(path, "cannot read '" + path + "': " + describe(cause));
      initCause(cause);
    }

    @Override
    public String reason() {
      return "DATASET_UNREADABLE";
    }

    private static String describe(IOException cause) {
      return switch (cause) {
        case AccessDeniedException _ -> "permission denied; allow reading it";
        case NoSuchFileException _ -> "it is gone, or a link that points to nothing; remove it";
        default -> String.valueOf(cause.getMessage());
      };
    }
  }

  private static String emptyMessage(String part, Path folder, int otherFiles) {
    String others =
        otherFiles == 0 ? "it is empty" : "it holds %d other files".formatted(otherFiles);
    return "the %s folder '%s' has no image (%s); put %s files there"
        .formatted(part, folder, others, String.join(", ", DatasetLayout.IMAGE_EXTENSIONS));
  }
}
