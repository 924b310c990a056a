package dev.likeness.evaluation.truth;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** Which gallery images are right answers to each query, as far as that is known. */
public sealed interface Truth {
  /** What a person should know, for example labels of files that do not exist; may be empty. */
  List<String> warnings();

  /**
   * Right answers are known for some queries at least.
   *
   * @param source where they come from
   * @param relevant query name → names of all right gallery images. Holds the labelled queries
   *     only, in the order of the data set; a set is empty when the gallery has no right answer
   * @param coverage how many images have a label
   * @param warnings what a person should know
   */
  record Known(
      TruthSource source,
      SequencedMap<String, Set<String>> relevant,
      Coverage coverage,
      List<String> warnings)
      implements Truth {
    public Known {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(coverage, "coverage");
      relevant = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(relevant));
      warnings = List.copyOf(warnings);
    }

    /** The right answers to a query; empty when the query has no label. */
    public Optional<Set<String>> relevantTo(String query) {
      return Optional.ofNullable(relevant.get(query));
    }
  }

  /**
   * Nothing is known, so every score is unknown (and not zero).
   *
   * @param why what was looked for
   * @param warnings what a person should know
   */
  record Unknown(String why, List<String> warnings) implements Truth {
    public Unknown {
      Objects.requireNonNull(why, "why");
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * How much of a data set is labelled. Queries without a label are left out of every figure.
   *
   * @param queries number of query images
   * @param labelledQueries number of those that have a label
   * @param gallery number of gallery images
   * @param labelledGallery number of those that have a label
   */
  record Coverage(int queries, int labelledQueries, int gallery, int labelledGallery) {
    public Coverage {
      if (labelledQueries < 0 || labelledQueries > queries) {
        throw new IllegalArgumentException(
            "labelledQueries is between 0 and queries %d, got %d"
                .formatted(queries, labelledQueries));
      }
      if (labelledGallery < 0 || labelledGallery > gallery) {
        throw new IllegalArgumentException(
            "labelledGallery is between 0 and gallery %d, got %d"
                .formatted(gallery, labelledGallery));
      }
    }

    /** How many queries have no label. */
    public int unlabelledQueries() {
      return queries - labelledQueries;
    }

    /** Whether every image has a label. */
    public boolean isComplete() {
      return labelledQueries == queries && labelledGallery == gallery;
    }
  }
}
