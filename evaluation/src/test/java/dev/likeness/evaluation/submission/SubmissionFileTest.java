package dev.likeness.evaluation.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.evaluation.ImageFolder;
import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubmissionFileTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @EnumSource(SubmissionDialect.class)
  void readsWhatItWrites(SubmissionDialect dialect) throws IOException {
    Path file = temporary.resolve("new/folder/submission.json");

    SubmissionFile.write(file, example(), dialect, "Team Ä");
    Submission read = SubmissionFile.read(file);

    assertThat(read).isEqualTo(example());
    assertThat(read.answers().sequencedKeySet()).containsExactly("b.jpg", "a \"x\".jpg");
    assertThat(file.getParent())
        .isDirectoryContaining(file::equals)
        .isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void writesTheSameBytesEveryTime() {
    byte[] canonical = SubmissionFile.bytes(example(), SubmissionDialect.CANONICAL, null);

    assertThat(canonical)
        .isEqualTo(SubmissionFile.bytes(example(), SubmissionDialect.CANONICAL, null))
        .asString(StandardCharsets.UTF_8)
        .startsWith("{\n  \"b.jpg\": [")
        .endsWith("}\n");
    assertThat(SubmissionFile.serverBodyText(example(), "Team A"))
        .startsWith("{\"groupname\":\"Team A\",\"images\":{\"b.jpg\":[\"g1.jpg\"");
  }

  @Test
  void dropsFoldersOfEitherSeparator() throws IOException {
    Submission read =
        read(
            "[{\"filename\": \"test/query/q.jpg\", \"gallery_images\": [\"C:\\\\data\\\\g1.jpg\","
                + " \"test/gallery/g2.jpg\"]}]");

    assertThat(read.answers()).isEqualTo(Map.of("q.jpg", List.of("g1.jpg", "g2.jpg")));
  }

  @Test
  void takesAQueryNamedImagesForAQuery() throws IOException {
    assertThat(read("{\"images\": [\"a\"], \"groupname\": [\"b\"]}").answers()).hasSize(2);
  }

  @Test
  void givesLineAndEntryOfFaults() {
    refused("{\n\"q.jpg\": [\"a.jpg\",\n\"a.jpg\"]}", "line 3", "'q.jpg' lists 'a.jpg' twice");
    refused("{\"q.jpg\": [\"a.jpg\", 7]}", "query 'q.jpg', position 2, is no text");
    refused("{\"q.jpg\":\n \"a.jpg\"}", "line 2", "is no list of names");
    refused(
        "[{\"filename\": \"q\", \"samples\": []},\n{\"samples\": []}]",
        "line 2",
        "entry 2 lacks 'filename'");
    refused("[{\"filename\": \"q\"}]", "entry 1 lacks 'samples'");
    refused("[3]", "entry 1 is no object");
    refused("{\"x/q.jpg\": [],\n\"y/q.jpg\": []}", "line 2", "answered twice");
    refused("{\"q.jpg\": [],\n\"q.jpg\": []}", "line 2");
    refused("{\"q.jpg\": [\"a/\"]}", "bare file name");
    refused("{\"q.jpg\": [", "line 1");
    refused("", "empty");
    refused("{}", "no answers");
    refused("7", "neither an object nor a list");
    refused("{\"q\": []} x", "line 1");
    refused("[".repeat(100_000), "line 1");
  }

  @Test
  void saysThatAFileIsMissing() {
    assertThatThrownBy(() -> SubmissionFile.read(temporary.resolve("none.json")))
        .isInstanceOf(SubmissionException.Unreadable.class)
        .hasMessageContaining("there is no such file");
  }

  @Test
  void needsAGroupForTheServer() {
    assertThatThrownBy(() -> SubmissionFile.serverBodyText(example(), " "))
        .isInstanceOf(SubmissionException.InvalidAnswer.class);
  }

  @Test
  void keepsTheOldFileWhenTheNewOneCannotBeWritten() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("taken"));
    Files.createFile(folder.resolve("inside"));

    assertThatThrownBy(() -> SubmissionFile.write(folder, example()))
        .isInstanceOf(IOException.class);

    assertThat(temporary)
        .isDirectoryContaining(folder::equals)
        .isDirectoryNotContaining(path -> !path.equals(folder));
  }

  @Test
  void checksAgainstTheDataSet() {
    Dataset dataset =
        DatasetLayout.read(
            new ImageFolder(temporary)
                .with("query/a.jpg", "query/b.jpg", "gallery/1.jpg", "gallery/2.jpg")
                .path());
    SequencedMap<String, List<String>> answers = new LinkedHashMap<>();
    answers.put("a.jpg", List.of("1.jpg", "2.jpg"));
    answers.put("b.jpg", List.of("2.jpg", "1.jpg"));
    assertThat(SubmissionCheck.against(new Submission(answers), dataset, 10)).isEmpty();

    answers.put("a.jpg", List.of("1.jpg"));
    answers.put("z.jpg", List.of("1.jpg", "9.jpg"));
    answers.remove("b.jpg");
    assertThat(SubmissionCheck.against(new Submission(answers), dataset, 10))
        .extracting(SubmissionProblem::message)
        .satisfiesExactly(
            message -> assertThat(message).contains("'a.jpg'", "lists 1 names, expected 2"),
            message -> assertThat(message).contains("'z.jpg'", "no such query"),
            message -> assertThat(message).contains("'z.jpg'", "position 2 names '9.jpg'"),
            message -> assertThat(message).contains("'b.jpg'", "has no answer"));
  }

  private static Submission example() {
    SequencedMap<String, List<String>> answers = new LinkedHashMap<>();
    answers.put("b.jpg", List.of("g1.jpg", "gälle.jpg"));
    answers.put("a \"x\".jpg", List.of("g2.jpg", "<script>.jpg"));
    return new Submission(answers);
  }

  private Submission read(String text) throws IOException {
    return SubmissionFile.read(Files.writeString(temporary.resolve("in.json"), text));
  }

  private void refused(String text, String... parts) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(SubmissionException.Malformed.class)
        .message()
        .contains(parts)
        .doesNotContain("java.", "jackson");
  }
}
