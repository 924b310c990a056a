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
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A data set drawn from nothing: people who exist only as parameters, each as snapshots and as
 * illustrations. Queries are snapshots; the gallery is three quarters illustrations. It is the
 * demo's data, small enough for one core and hard enough that a better encoder shows.
 */
public final class SampleDataset {
  private static final String MARKER = "sample.json";
  private static final float JPEG_QUALITY = 0.88f;

  /** Raised when the same options draw other pictures. */
  private static final int VERSION = 1;

  private final Path folder;
  private final SampleOptions options;
  private final List<Identity> identities = new ArrayList<>();

  private SampleDataset(Path folder, SampleOptions options) {
    this.folder = folder;
    this.options = options;
    for (int number = 0; number < options.identities(); number++) {
      identities.add(Identity.of(number, options.seed()));
    }
  }

  /**
   * Draws {@code training/<identity>/}, {@code test/query/}, {@code test/gallery/} and {@code
   * labels.json}. The folder is whole or absent; one that already holds this very data set is left
   * as it is.
   *
   * @param directory where to draw, absent or empty
   * @param options size and seed
   * @throws FileAlreadyExistsException if the folder holds something else
   * @throws IOException if it cannot be written
   */
  public static void draw(Path directory, SampleOptions options) throws IOException {
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
      new SampleDataset(temporary, options).drawAll();
      AtomicFile.write(temporary.resolve(MARKER), marker);
      Files.deleteIfExists(target);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      deleteTree(temporary);
    }
  }

  private void drawAll() throws IOException {
    for (int number = 0; number < identities.size(); number++) {
      Identity identity = identities.get(number);
      for (int i = 0; i < options.trainingPerIdentity(); i++) {
        boolean photo = i % 2 == 0;
        String name = "%s_%02d%s".formatted(photo ? "photo" : "drawing", i / 2 + 1, ending(photo));
        image("training/" + identity.name() + "/" + name, number, photo, random(1, number, i));
      }
    }
    ObjectNode labels = JsonDocument.object();
    part("query", 2, options.queries(), labels.putObject("query"));
    part("gallery", 3, options.gallery(), labels.putObject("gallery"));
    Files.write(folder.resolve("labels.json"), JsonDocument.layOut(labels));
  }

  private void part(String part, int stream, int count, ObjectNode labels) throws IOException {
    int[] places = shuffled(count, random(stream, 0, -1));
    for (int place = 0; place < count; place++) {
      int picture = places[place];
      int number = picture % identities.size();
      boolean photo = part.equals("query") || picture / identities.size() % 4 == 3;
      String name = "%c%04d%s".formatted(part.charAt(0), place, ending(photo));
      image("test/" + part + "/" + name, number, photo, random(stream, number, picture));
      labels.put(name, identities.get(number).name());
    }
  }

  private void image(String path, int number, boolean photo, SplittableRandom random)
      throws IOException {
    Identity identity = identities.get(number);
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(
        file,
        photo
            ? JpegEncoding.of(PhotoPainter.paint(identity, options.pixels(), random), JPEG_QUALITY)
            : png(DrawingPainter.paint(identity, options.pixels(), random)));
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

  private static String ending(boolean photo) {
    return photo ? ".jpg" : ".png";
  }

  private static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static ObjectNode describe(SampleOptions options) {
    return JsonDocument.object()
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
