package dev.likeness.gateway.gallery;

import dev.likeness.gateway.run.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
 * @param attributesPath file of the images' attributes; null if there is none
 * @param revision how often it was told to look at its images and their attributes again
 */
public record Gallery(
    String name,
    String imagesPath,
    String encoder,
    @Nullable Generation serving,
    @Nullable Generation building,
    @Nullable Generation previous,
    List<String> outdated,
    String trouble,
    @Nullable String attributesPath,
    long revision) {

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
  public static Gallery empty(
      String name, String imagesPath, String encoder, @Nullable String attributesPath) {
    if (!isName(name)) {
      throw new InvalidRequestException(
          "name",
          "a gallery's name has 1 to 64 of a-z, 0-9, '.', '_' and '-', the first a letter or a digit");
    }
    if (encoder.isBlank()) {
      throw new InvalidRequestException("encoder", "the encoder is missing");
    }
    return new Gallery(
        name, imagesPath, encoder, null, null, null, List.of(), "", attributesPath, 0);
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The collection for a version of the encoder: the same for the same vectors. */
  String collectionFor(String fingerprint) {
    String collection =
        name + "--" + fingerprint.substring(0, Math.min(FINGERPRINT_DIGITS, fingerprint.length()));
    return revision == 0 ? collection : collection + "-" + revision;
  }

  /** The generation whose collection this is; empty if there is none. */
  Optional<Generation> generationOf(String collection) {
    return generations().filter(known -> known.collection().equals(collection)).findFirst();
  }

  /** The generations that are there, the one that is searched first. */
  Stream<Generation> generations() {
    return Stream.of(
            Optional.ofNullable(serving),
            Optional.ofNullable(previous),
            Optional.ofNullable(building))
        .flatMap(Optional::stream);
  }

  /** A generation is being made; what was begun for another state is not wanted any more. */
  Gallery build(Generation generation) {
    List<String> old = new ArrayList<>(outdated);
    if (building != null && !old.contains(building.collection())) {
      old.add(building.collection());
    }
    old.remove(generation.collection());
    generations()
        .filter(known -> !known.equals(building))
        .forEach(known -> old.remove(known.collection()));
    return with(serving, generation, previous, old, trouble);
  }

  Gallery trouble(String sentence) {
    return with(serving, building, previous, outdated, sentence);
  }

  /**
   * The alias points to a generation now. The one before is kept if it is of another version, and
   * what was kept for that goes; else it goes itself.
   */
  Gallery switchTo(Generation generation) {
    Generation before = serving;
    if (before == null || before.collection().equals(generation.collection())) {
      return with(generation, null, previous, outdated, "");
    }
    List<String> old = new ArrayList<>(outdated);
    boolean sameVersion = before.fingerprint().equals(generation.fingerprint());
    Generation gone = sameVersion ? before : previous;
    if (gone != null && !gone.collection().equals(generation.collection())) {
      old.add(gone.collection());
    }
    return with(generation, null, sameVersion ? previous : before, old, "");
  }

  Gallery cleaned() {
    return with(serving, building, previous, List.of(), trouble);
  }

  /** It is to look at its images again, and at a file of attributes or none. */
  Gallery update(@Nullable String attributes) {
    return new Gallery(
        name,
        imagesPath,
        encoder,
        serving,
        building,
        previous,
        outdated,
        trouble,
        attributes,
        revision + 1);
  }

  private Gallery with(
      @Nullable Generation searched,
      @Nullable Generation made,
      @Nullable Generation kept,
      List<String> old,
      String sentence) {
    return new Gallery(
        name, imagesPath, encoder, searched, made, kept, old, sentence, attributesPath, revision);
  }

  /** Every collection that belongs to it. */
  List<String> collections() {
    List<String> all = new ArrayList<>(outdated);
    generations()
        .map(Generation::collection)
        .filter(collection -> !all.contains(collection))
        .forEach(all::add);
    return all;
  }
}
