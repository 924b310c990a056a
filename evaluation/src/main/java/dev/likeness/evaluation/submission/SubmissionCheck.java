package dev.likeness.evaluation.submission;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.ImageFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The gate before sending: a submission answers every query with k gallery images, no others. */
public final class SubmissionCheck {
  private final Set<String> queries = new HashSet<>();
  private final Set<String> gallery = new HashSet<>();
  private final int expected;
  private final List<SubmissionProblem> problems = new ArrayList<>();

  private SubmissionCheck(Dataset dataset, int k) {
    for (ImageFile image : dataset.query()) {
      queries.add(image.name());
    }
    for (ImageFile image : dataset.gallery()) {
      gallery.add(image.name());
    }
    this.expected = Math.min(k, gallery.size());
  }

  /**
   * All problems of a submission, in the order of the submission, then the queries it lacks.
   *
   * @param k names per query, at least 1; a smaller gallery must be listed whole
   * @return empty when it may be sent
   */
  public static List<SubmissionProblem> against(Submission submission, Dataset dataset, int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k is at least 1, got " + k);
    }
    SubmissionCheck check = new SubmissionCheck(dataset, k);
    submission.answers().forEach(check::answer);
    for (ImageFile image : dataset.query()) {
      if (!submission.answers().containsKey(image.name())) {
        check.problem(
            image.name(), "it has no answer; every query needs one, or it counts as wrong");
      }
    }
    return List.copyOf(check.problems);
  }

  private void answer(String query, List<String> names) {
    if (!queries.contains(query)) {
      problem(query, "there is no such query image; is this the submission of another data set?");
    }
    if (names.size() != expected) {
      problem(query, "it lists %d names, expected %d".formatted(names.size(), expected));
    }
    for (int i = 0; i < names.size(); i++) {
      if (!gallery.contains(names.get(i))) {
        problem(
            query,
            "position %d names '%s', which is no gallery image".formatted(i + 1, names.get(i)));
      }
    }
  }

  private void problem(String query, String fault) {
    problems.add(new SubmissionProblem(query, "query '" + query + "': " + fault));
  }
}
