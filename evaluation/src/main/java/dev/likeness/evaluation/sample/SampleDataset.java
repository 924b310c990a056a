package dev.likeness.evaluation.sample;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.AtomicFile;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.image.JpegEncoding;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A data set drawn from nothing: subjects that exist only as parameters, each in several styles. By
 * default they are people, as snapshots and as illustrations; queries are snapshots, the gallery is
 * three quarters illustrations. It is the demo's data, small enough for one core and hard enough
 * that a better encoder shows, and with all kinds and styles what the built-in encoder learned
 * from.
 */
public final class SampleDataset {
  private static final String MARKER = "sample.json";
  private static final float JPEG_QUALITY = 0.88f;

  /** Raised when the same options draw other pictures. */
  private static final int VERSION = 1;

  private final Path folder;
  private final SampleOptions options;
  private final List<Subject> subjects = new ArrayList<>();
  private final IntConsumer drawn;
  private int count;

  private SampleDataset(Path folder, SampleOptions options, IntConsumer drawn) {
    this.folder = folder;
    this.options = options;
    this.drawn = drawn;
    int count = options.strangers() ? 2 * options.identities() : options.identities();
    for (int number = 0; number < count; number++) {
      List<SubjectKind> kinds = options.kinds();
      SubjectKind kind = kinds.get(number % kinds.size());
      subjects.add(kind.subject(number / kinds.size(), options.seed()));
    }
  }

  /**
   * Draws {@code training/<identity>/}, {@code test/query/}, {@code test/gallery/} and {@code
   * labels.json}. The folder is whole or absent; one that already holds this very data set is left
   * as it is.
   *
   * @param directory where to draw, absent or empty
   * @param options size, seed, kinds and styles
   * @param drawn told after each image how many there are, up to {@link SampleOptions#images}
   * @throws FileAlreadyExistsException if the folder holds something else
   * @throws IOException if it cannot be written
   */
  public static void draw(Path directory, SampleOptions options, IntConsumer drawn)
      throws IOException {
    byte[] marker = JsonDocument.layOut(describe(options));
    if (Files.isDirectory(directory) && !isEmpty(directory)) {
      Path existing = directory.resolve(MARKER);
      if (Files.exists(existing) && Arrays.equals(Files.readAllBytes(existing), marker)) {
        return;
      }
      throw new FileAlreadyExistsException(
          directory.toString(), null, "it holds other files; give an empty or a new folder");
    }
    Path target = directory.toAbsolutePath();
    Path temporary = target.resolveSibling("." + UUID.randomUUID() + ".partial");
    try {
      new SampleDataset(temporary, options, drawn).drawAll();
      AtomicFile.write(temporary.resolve(MARKER), marker);
      Files.deleteIfExists(target);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteTree(temporary);
    }
  }

  /** The same, without being told. */
  public static void draw(Path directory, SampleOptions options) throws IOException {
    draw(directory, options, count -> {});
  }

  private void drawAll() throws IOException {
    List<Style> styles = options.styles();
    for (int number = 0; number < options.identities(); number++) {
      String folder = "training/" + subjects.get(number).name() + "/";
      for (int i = 0; i < options.trainingPerIdentity(); i++) {
        Style style = styles.get(i % styles.size());
        String name = "%s_%02d%s".formatted(style.label(), i / styles.size() + 1, ending(style));
        image(folder + name, number, style, random(1, number, i));
      }
    }
    ObjectNode labels = JsonDocument.object();
    part("query", 2, options.queries(), labels.putObject("query"));
    part("gallery", 3, options.gallery(), labels.putObject("gallery"));
    Files.write(folder.resolve("labels.json"), JsonDocument.layOut(labels));
  }

  private void part(String part, int stream, int count, ObjectNode labels) throws IOException {
    int[] places = shuffled(count, random(stream, 0, -1));
    int first = options.strangers() ? options.identities() : 0;
    for (int place = 0; place < count; place++) {
      int picture = places[place];
      int number = first + picture % options.identities();
      Style style = part.equals("query") ? options.styles().getFirst() : galleryStyle(picture);
      String name = "%c%04d%s".formatted(part.charAt(0), place, ending(style));
      image("test/" + part + "/" + name, number, style, random(stream, number, picture));
      labels.put(name, subjects.get(number).name());
    }
  }

  /** Every fourth picture of a subject is of the first style, the others take turns. */
  private Style galleryStyle(int picture) {
    List<Style> styles = options.styles();
    int round = picture / options.identities();
    return round % 4 == 3 || styles.size() == 1
        ? styles.getFirst()
        : styles.get(1 + round % (styles.size() - 1));
  }

  private void image(String path, int number, Style style, SplittableRandom random)
      throws IOException {
    BufferedImage image = style.paint(subjects.get(number), options.pixels(), random);
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, style == Style.PHOTO ? JpegEncoding.of(image, JPEG_QUALITY) : png(image));
    drawn.accept(++count);
  }

  private SplittableRandom random(int stream, int number, int picture) {
    return new SplittableRandom(
        ((options.seed() * 31 + stream) * 1_000_003 + number) * 1_000_003 + picture);
  }

  private static int[] shuffled(int count, SplittableRandom random) {
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      places[i] = places[other];
      places[other] = i;
    }
    return places;
  }

  private static String ending(Style style) {
    return style == Style.PHOTO ? ".jpg" : ".png";
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static ObjectNode describe(SampleOptions options) {
    ObjectNode description = JsonDocument.object();
    options.kinds().forEach(kind -> description.withArray("kinds").add(kind.name()));
    options.styles().forEach(style -> description.withArray("styles").add(style.name()));
    if (options.strangers()) {
      description.put("strangers", true);
    }
    return description
        .put("version", VERSION)
        .put("identities", options.identities())
        .put("training_per_identity", options.trainingPerIdentity())
        .put("queries", options.queries())
        .put("gallery", options.gallery())
        .put("pixels", options.pixels())
        .put("seed", options.seed());
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
