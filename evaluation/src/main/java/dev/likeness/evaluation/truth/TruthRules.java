package dev.likeness.evaluation.truth;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.dataset.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the right answers of a data set. The first source wins that labels at least one query and
 * one gallery image: a label file (given, else {@code labels.json} in the data set's folder), class
 * folders, {@code Identity__file.jpg} names.
 *
 * <p>A label of a file that does not exist is a warning, with the count and the first five names.
 * It is an error when the label file was given by hand and none of its query or gallery names
 * exists: then it is the wrong file.
 */
public final class TruthRules {
  private static final String LABELS_FILE = "labels.json";
  private static final String PREFIX_END = "__";

  private TruthRules() {}

  /**
   * @param dataset the images
   * @param labelsFile a label file given by hand, null to look for the usual ones
   * @throws TruthException if the label file cannot be read, is malformed, or was given by hand and
   *     names no image of the data set
   * @throws DatasetException.OutsideRoot if {@code labels.json} is a link that leaves the folder
   */
  public static Truth find(Dataset dataset, @Nullable Path labelsFile) {
    Names names =
        new Names(bareNames(dataset.query()), bareNames(dataset.gallery()), new ArrayList<>());
    if (labelsFile != null) {
      return fromFile(labelsFile, names)
          .orElseThrow(
              () ->
                  new TruthException.NothingMatches(
                      labelsFile,
                      names.warnings.isEmpty()
                          ? "it labels no query or no gallery image"
                          : String.join("; ", names.warnings)));
    }
    Path usual = dataset.root().resolve(LABELS_FILE);
    refuseOutside(usual, dataset.root());
    Optional<Truth> fromFile = Files.exists(usual) ? fromFile(usual, names) : Optional.empty();
    return fromFile
        .or(() -> fromImages(TruthSource.CLASS_FOLDERS, dataset, names, ImageFile::className))
        .or(() -> fromImages(TruthSource.NAME_PREFIXES, dataset, names, TruthRules::prefix))
        .orElseGet(
            () ->
                new Truth.Unknown(
                    "no labels: '%s' has no %s that names its images, no class folders and no Identity__file names"
                        .formatted(dataset.root(), LABELS_FILE),
                    names.warnings));
  }

  /**
   * The truth as a label file alone tells it, to score a submission without its images.
   *
   * @param labelsFile the label file
   * @param queries names of the submission's queries
   * @throws TruthException if the label file cannot be read, is malformed, or labels none of the
   *     queries
   */
  public static Truth.Known fromLabels(Path labelsFile, Collection<String> queries) {
    LabelFile labels = LabelFile.read(labelsFile);
    Names names =
        switch (labels) {
          case LabelFile.Classes(var query, var gallery) ->
              new Names(query.sequencedKeySet(), gallery.keySet(), new ArrayList<>());
          case LabelFile.Answers(var relevant) -> {
            Set<String> gallery = new LinkedHashSet<>();
            relevant.values().forEach(gallery::addAll);
            yield new Names(relevant.sequencedKeySet(), gallery, new ArrayList<>());
          }
        };
    List<String> without = queries.stream().filter(name -> !names.queries.contains(name)).toList();
    if (without.size() == queries.size()) {
      throw new TruthException.NothingMatches(
          labelsFile, "it labels none of the submission's queries, " + FirstNames.of(without));
    }
    if (!without.isEmpty()) {
      names.warnings.add("queries without a label are left out: " + FirstNames.of(without));
    }
    return truth(labels, names)
        .orElseThrow(
            () -> new TruthException.NothingMatches(labelsFile, "it labels no gallery image"));
  }

  /**
   * The classes of gallery images, by the same sources as the truth; the first wins that knows one.
   *
   * @param root folder that may hold a {@code labels.json}
   * @return class by file name; images of an unknown class are absent
   * @throws TruthException if the label file cannot be read or is malformed
   * @throws DatasetException.OutsideRoot if it is a link that leaves the folder
   */
  public static Map<String, String> galleryClasses(Path root, List<ImageFile> gallery) {
    Path usual = root.resolve(LABELS_FILE);
    refuseOutside(usual, root);
    if (Files.exists(usual)
        && LabelFile.read(usual) instanceof LabelFile.Classes(var _, var classes)) {
      Map<String, String> known = new LinkedHashMap<>(classes);
      known.keySet().retainAll(bareNames(gallery));
      if (!known.isEmpty()) {
        return known;
      }
    }
    Map<String, String> folders = labels(gallery, ImageFile::className);
    return folders.isEmpty() ? labels(gallery, TruthRules::prefix) : folders;
  }

  /** A message about a malformed file quotes it, so a link must not lead to somebody's secrets. */
  private static void refuseOutside(Path file, Path root) {
    try {
      if (Files.exists(file) && !file.toRealPath().startsWith(root)) {
        throw new DatasetException.OutsideRoot(file, root);
      }
    } catch (IOException e) {
      throw new TruthException.Unreadable(file, e);
    }
  }

  private static Optional<Truth> fromFile(Path file, Names names) {
    LabelFile labels = LabelFile.read(file);
    switch (labels) {
      case LabelFile.Classes(var query, var gallery) -> {
        names.reportUnknown("query", query.keySet(), names.queries);
        names.reportUnknown("gallery", gallery.keySet(), names.gallery);
      }
      case LabelFile.Answers(var relevant) -> {
        Set<String> answers = new LinkedHashSet<>();
        relevant.values().forEach(answers::addAll);
        names.reportUnknown("query", relevant.keySet(), names.queries);
        names.reportUnknown("gallery", answers, names.gallery);
      }
    }
    return truth(labels, names).map(known -> known);
  }

  private static Optional<Truth.Known> truth(LabelFile labels, Names names) {
    return switch (labels) {
      case LabelFile.Classes(var query, var gallery) ->
          fromClasses(TruthSource.LABELS_FILE, names, query::get, gallery::get);
      case LabelFile.Answers answers -> fromAnswers(names, answers);
    };
  }

  private static Optional<Truth> fromImages(
      TruthSource source,
      Dataset dataset,
      Names names,
      Function<ImageFile, @Nullable String> labelOf) {
    return fromClasses(
            source,
            names,
            labels(dataset.query(), labelOf)::get,
            labels(dataset.gallery(), labelOf)::get)
        .map(known -> known);
  }

  private static Optional<Truth.Known> fromClasses(
      TruthSource source,
      Names names,
      Function<String, @Nullable String> queryClass,
      Function<String, @Nullable String> galleryClass) {
    Map<String, Set<String>> byClass = new LinkedHashMap<>();
    int labelledGallery = 0;
    for (String name : names.gallery) {
      String className = galleryClass.apply(name);
      if (className != null) {
        byClass.computeIfAbsent(className, _ -> new LinkedHashSet<>()).add(name);
        labelledGallery++;
      }
    }
    byClass.replaceAll((_, members) -> Set.copyOf(members));
    LinkedHashMap<String, Set<String>> relevant = new LinkedHashMap<>();
    for (String name : names.queries) {
      String className = queryClass.apply(name);
      if (className != null) {
        relevant.put(name, byClass.getOrDefault(className, Set.of()));
      }
    }
    return names.known(source, relevant, labelledGallery);
  }

  private static Optional<Truth.Known> fromAnswers(Names names, LabelFile.Answers answers) {
    LinkedHashMap<String, Set<String>> relevant = new LinkedHashMap<>();
    Set<String> labelled = new LinkedHashSet<>();
    for (String name : names.queries) {
      Set<String> listed = answers.relevant().get(name);
      if (listed != null) {
        Set<String> existing = new LinkedHashSet<>(listed);
        existing.retainAll(names.gallery);
        relevant.put(name, Set.copyOf(existing));
        labelled.addAll(existing);
      }
    }
    // A list of answers says of every gallery image whether it is right.
    return names.known(
        TruthSource.LABELS_FILE, relevant, labelled.isEmpty() ? 0 : names.gallery.size());
  }

  private static Map<String, String> labels(
      List<ImageFile> images, Function<ImageFile, @Nullable String> labelOf) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (ImageFile image : images) {
      String label = labelOf.apply(image);
      if (label != null) {
        labels.put(image.name(), label);
      }
    }
    return labels;
  }

  private static @Nullable String prefix(ImageFile image) {
    int end = image.name().indexOf(PREFIX_END);
    return end <= 0 ? null : image.name().substring(0, end);
  }

  private static Set<String> bareNames(List<ImageFile> images) {
    Set<String> names = new LinkedHashSet<>();
    images.forEach(image -> names.add(image.name()));
    return names;
  }

  /** The names that exist, and what was noticed about labels. */
  private record Names(Set<String> queries, Set<String> gallery, List<String> warnings) {
    void reportUnknown(String part, Set<String> labelled, Set<String> existing) {
      List<String> unknown = labelled.stream().filter(name -> !existing.contains(name)).toList();
      if (!unknown.isEmpty()) {
        warnings.add(
            "labels name %s images that do not exist: %s".formatted(part, FirstNames.of(unknown)));
      }
    }

    Optional<Truth.Known> known(
        TruthSource source, LinkedHashMap<String, Set<String>> relevant, int labelledGallery) {
      if (relevant.isEmpty() || labelledGallery == 0) {
        return Optional.empty();
      }
      return Optional.of(
          new Truth.Known(
              source,
              relevant,
              new Truth.Coverage(queries.size(), relevant.size(), gallery.size(), labelledGallery),
              warnings));
    }
  }
}
