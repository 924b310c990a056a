package dev.likeness.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes data sets whose images are angles, as the fake embedder understands them. */
public final class TestDataset {

  private final Path root;

  private TestDataset(Path root) {
    this.root = root;
  }

  /** An empty data set. */
  public static TestDataset at(Path root) throws IOException {
    Files.createDirectories(root.resolve("test/query"));
    Files.createDirectories(root.resolve("test/gallery"));
    return new TestDataset(root);
  }

  /**
   * Four queries and a gallery of 13, in which several images are equal and one is broken; classes
   * by name prefix.
   */
  public static TestDataset circle(Path root) throws IOException {
    TestDataset dataset = at(root);
    dataset.query("east__q1.png", "3").query("north__q2.png", "88").query("west__q3.png", "182");
    dataset.query("zz__broken.png", "no image");
    for (int i = 0; i < 4; i++) {
      dataset.gallery("east__g%d.png".formatted(i), "5");
      dataset.gallery("north__g%d.png".formatted(i), String.valueOf(90 + i));
      dataset.gallery("west__g%d.png".formatted(i), String.valueOf(180 - i));
    }
    return dataset.gallery("broken.png", "no image");
  }

  public TestDataset query(String name, String content) throws IOException {
    Files.writeString(root.resolve("test/query").resolve(name), content);
    return this;
  }

  public TestDataset gallery(String name, String content) throws IOException {
    Files.writeString(root.resolve("test/gallery").resolve(name), content);
    return this;
  }

  public Path root() {
    return root;
  }
}
