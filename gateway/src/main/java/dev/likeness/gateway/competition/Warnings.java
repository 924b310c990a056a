package dev.likeness.gateway.competition;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.gateway.peer.PeerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** What the user of a run should know, one sentence each. */
final class Warnings {

  /** Images named one by one; the others are counted. */
  private static final int MAX_NAMED = 20;

  private Warnings() {}

  /** A service was away. The same for each failure of it, so that it is said once. */
  static String away(PeerException.Unavailable failure) {
    return "the %s was away for a while; the run waited for it".formatted(failure.peer().text());
  }

  /** What can be said once all images have been looked at. */
  static List<String> of(
      Dataset dataset,
      Truth truth,
      int k,
      SortedMap<String, String> galleryLeftOut,
      SortedMap<String, String> queriesLeftOut) {
    List<String> warnings = new ArrayList<>();
    name(
        warnings,
        galleryLeftOut,
        "gallery image '%s' was left out: %s",
        "gallery images were left out");
    name(
        warnings,
        queriesLeftOut,
        "query image '%s' could not be embedded, so its names are a guess: %s",
        "query images could not be embedded");
    int gallery = dataset.gallery().size();
    int usable = gallery - galleryLeftOut.size();
    if (gallery < k) {
      warnings.add(
          "the gallery has %d images, fewer than the %d names asked for; every query lists all of them"
              .formatted(gallery, k));
    }
    if (usable < Math.min(k, gallery)) {
      warnings.add(
          "only %d gallery images could be embedded; the lists end with those that could not, by name"
              .formatted(usable));
    }
    warnings.addAll(truth.warnings());
    if (truth instanceof Truth.Unknown(String why, _)) {
      warnings.add("the score is unknown: " + why);
    }
    return warnings;
  }

  private static void name(
      List<String> warnings, SortedMap<String, String> leftOut, String sentence, String more) {
    int named = 0;
    for (Map.Entry<String, String> image : leftOut.entrySet()) {
      if (named++ == MAX_NAMED) {
        warnings.add("%d more %s".formatted(leftOut.size() - MAX_NAMED, more));
        return;
      }
      warnings.add(sentence.formatted(image.getKey(), image.getValue()));
    }
  }
}
