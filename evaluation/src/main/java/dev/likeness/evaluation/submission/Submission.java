package dev.likeness.evaluation.submission;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * The answer of a run: for each query the gallery images, best first. Names are bare file names and
 * no list repeats a name. Whether it fits a data set is asked with {@link SubmissionCheck}.
 *
 * @param answers query name → gallery names, in the order in which they are written
 */
public record Submission(SequencedMap<String, List<String>> answers) {
  /**
   * @throws SubmissionException.InvalidAnswer if a name is empty, has folders or is repeated within
   *     its list
   */
  public Submission {
    SequencedMap<String, List<String>> copy = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> answer : answers.entrySet()) {
      requireBareName("query", answer.getKey());
      copy.put(answer.getKey(), requireDistinct(answer.getKey(), List.copyOf(answer.getValue())));
    }
    answers = Collections.unmodifiableSequencedMap(copy);
  }

  private static List<String> requireDistinct(String query, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      requireBareName("gallery", name);
      if (!seen.add(name)) {
        throw new SubmissionException.InvalidAnswer(
            "query '%s' lists '%s' twice (again at position %d); every gallery image may appear once"
                .formatted(query, name, seen.size() + 1));
      }
    }
    return names;
  }

  private static void requireBareName(String part, String name) {
    if (name.isBlank() || name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
      throw new SubmissionException.InvalidAnswer(
          "a %s name is a bare file name such as 'a1.jpg', got '%s'".formatted(part, name));
    }
  }
}
