package dev.likeness.evaluation.submission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.AtomicFile;
import dev.likeness.evaluation.file.JsonDocument;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads every dialect of a submission and writes each of them, the same bytes every time. */
public final class SubmissionFile {
  private SubmissionFile() {}

  /**
   * Reads a submission of any dialect. Folders before names are dropped, with either separator.
   *
   * @throws SubmissionException.Unreadable if it cannot be read
   * @throws SubmissionException.Malformed if it has none of the known forms, repeats a query, or an
   *     answer breaks a rule; with line and entry
   */
  public static Submission read(Path file) {
    return SubmissionReader.read(file);
  }

  /**
   * Writes the canonical form; the file is whole or absent.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Submission submission) throws IOException {
    AtomicFile.write(file, bytes(submission, SubmissionDialect.CANONICAL, null));
  }

  /**
   * Writes a dialect; the file is whole or absent.
   *
   * @param groupName name of the group, for {@link SubmissionDialect#SERVER_BODY} only
   * @throws IOException if it cannot be written
   */
  public static void write(
      Path file, Submission submission, SubmissionDialect dialect, @Nullable String groupName)
      throws IOException {
    AtomicFile.write(file, bytes(submission, dialect, groupName));
  }

  /**
   * The bytes of a dialect, UTF-8, in the order of the submission.
   *
   * @param groupName name of the group, for {@link SubmissionDialect#SERVER_BODY} only
   */
  public static byte[] bytes(
      Submission submission, SubmissionDialect dialect, @Nullable String groupName) {
    return JsonDocument.layOut(
        switch (dialect) {
          case CANONICAL -> images(submission);
          case SERVER_BODY -> serverBody(submission, groupName);
          case SAMPLES_LIST -> list(submission, "samples");
          case GALLERY_IMAGES_LIST -> list(submission, "gallery_images");
        });
  }

  /** The body a competition server expects, on one line. */
  public static String serverBodyText(Submission submission, String groupName) {
    return JsonDocument.line(serverBody(submission, groupName));
  }

  private static ObjectNode serverBody(Submission submission, @Nullable String groupName) {
    if (groupName == null || groupName.isBlank()) {
      throw new SubmissionException.InvalidAnswer(
          "the server needs the name of your group; give it with --group");
    }
    ObjectNode body = JsonDocument.object().put("groupname", groupName);
    body.set("images", images(submission));
    return body;
  }

  private static ObjectNode images(Submission submission) {
    ObjectNode images = JsonDocument.object();
    submission.answers().forEach((query, names) -> names.forEach(images.putArray(query)::add));
    return images;
  }

  private static ArrayNode list(Submission submission, String member) {
    ArrayNode list = JsonDocument.object().arrayNode();
    submission
        .answers()
        .forEach(
            (query, names) ->
                names.forEach(list.addObject().put("filename", query).putArray(member)::add));
    return list;
  }
}
