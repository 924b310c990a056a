package dev.likeness.gateway.gallery;

import dev.likeness.gateway.run.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A gallery and its generations.
 *
 * @param name its name, an alias of the index
 * @param imagesPath directory of its images
 * @param encoder name of the encoder that it follows
 * @param serving the generation that is searched; null before the first
 * @param building the generation that is being made; null if none is
 * @param previous the generation before, kept for a roll-back; null if there is none
 * @param outdated collections of still earlier ones, to be deleted
 * @param trouble what it is waiting for, or what is wrong; empty if all is well
 */
public record Gallery(
    String name,
    String imagesPath,
    String encoder,
    @Nullable Generation serving,
    @Nullable Generation building,
    @Nullable Generation previous,
    List<String> outdated,
    String trouble) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final int FINGERPRINT_DIGITS = 16;

  /** Copies the list. */
  public Gallery {
    outdated = List.copyOf(outdated);
  }

  /**
   * A gallery without any generation.
   *
   * @throws InvalidRequestException if the name is none
   */
  public static Gallery empty(String name, String imagesPath, String encoder) {
    if (!isName(name)) {
      throw new InvalidRequestException(
          "name",
          "a gallery's name has 1 to 64 of a-z, 0-9, '.', '_' and '-', the first a letter or a digit");
    }
    if (encoder.isBlank()) {
      throw new InvalidRequestException("encoder", "the encoder is missing");
    }
    return new Gallery(name, imagesPath, encoder, null, null, null, List.of(), "");
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The collection for a version of the encoder: the same for the same vectors. */
  String collectionFor(String fingerprint) {
    return name
        + "--"
        + fingerprint.substring(0, Math.min(FINGERPRINT_DIGITS, fingerprint.length()));
  }

  Gallery build(Generation generation) {
    return new Gallery(name, imagesPath, encoder, serving, generation, previous, outdated, trouble);
  }

  Gallery trouble(String sentence) {
    return new Gallery(name, imagesPath, encoder, serving, building, previous, outdated, sentence);
  }

  /** The alias points to a generation now; the one before is kept, what was kept goes. */
  Gallery switchTo(Generation generation) {
    List<String> old = new ArrayList<>(outdated);
    if (previous != null && !previous.collection().equals(generation.collection())) {
      old.add(previous.collection());
    }
    boolean same = serving != null && serving.collection().equals(generation.collection());
    return new Gallery(
        name,
        imagesPath,
        encoder,
        generation,
        null,
        same ? previous : serving,
        same ? outdated : old,
        "");
  }

  Gallery cleaned() {
    return new Gallery(name, imagesPath, encoder, serving, building, previous, List.of(), trouble);
  }

  /** Every collection that belongs to it. */
  List<String> collections() {
    List<String> all = new ArrayList<>(outdated);
    for (Generation generation : new Generation[] {previous, building, serving}) {
      if (generation != null && !all.contains(generation.collection())) {
        all.add(generation.collection());
      }
    }
    return all;
  }
}
