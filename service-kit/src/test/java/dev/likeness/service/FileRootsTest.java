package dev.likeness.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileRootsTest {

  @TempDir Path folder;
  Path root;
  Path outside;
  FileRoots roots;

  @BeforeEach
  void createRoot() throws Exception {
    root = Files.createDirectories(folder.resolve("data"));
    outside = Files.createDirectories(folder.resolve("secret"));
    roots = new FileRoots(List.of(root), null);
  }

  @Test
  void resolvesFilesBelowARoot() throws Exception {
    Path image = Files.createFile(root.resolve("a.jpg"));
    assertThat(roots.resolve(image.toString())).isEqualTo(image.toRealPath());
    assertThat(roots.resolve(root.toString())).isEqualTo(root.toRealPath());
  }

  @Test
  void resolvesFilesThatDoNotExistYet() throws Exception {
    assertThat(roots.resolve(root.resolve("new/out.json").toString()))
        .isEqualTo(root.toRealPath().resolve("new/out.json"));
  }

  @Test
  void refusesPathsThatClimbOut() {
    assertThatThrownBy(() -> roots.resolve(root + "/../secret"))
        .isInstanceOf(PathOutsideRootsException.class)
        .hasMessageContaining("likeness roots add");
    assertThatThrownBy(() -> roots.resolve(root + "-sibling"))
        .isInstanceOf(PathOutsideRootsException.class);
  }

  @Test
  void refusesLinksThatLeadOut() throws Exception {
    Path link = Files.createSymbolicLink(root.resolve("link"), outside);
    assertThatThrownBy(() -> roots.resolve(link.resolve("new.txt").toString()))
        .isInstanceOf(PathOutsideRootsException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "data", "./data", "/etc/passwd", "/", "\0"})
  void refusesWhatIsNoAbsolutePathBelowARoot(String path) {
    assertThatThrownBy(() -> roots.resolve(path)).isInstanceOf(PathOutsideRootsException.class);
  }

  @Test
  void readsTheRootsFileAgainAtEachCheck() throws Exception {
    Path file = folder.resolve("roots");
    FileRoots growing = new FileRoots(List.of(), file);
    assertThatThrownBy(() -> growing.resolve(root.toString()))
        .isInstanceOf(PathOutsideRootsException.class);
    Files.writeString(file, "# allowed\n" + root + "\n");
    assertThat(growing.resolve(root.toString())).isEqualTo(root.toRealPath());
  }
}
