package dev.likeness.encoders.architecture;

import dev.likeness.encoders.architecture.TensorSource.Arrangement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one library names the tensors of a network, against the names in the graph. Owned by one
 * thread until it is built, immutable afterwards.
 */
public final class NameDialect {

  private record Rule(Pattern name, String replacement, Arrangement arrangement) {}

  private final String name;
  private final List<Rule> rules;
  private final List<Pattern> otherParts;
  private final List<String> zeros;

  private NameDialect(String name, List<Rule> rules, List<Pattern> otherParts, List<String> zeros) {
    this.name = name;
    this.rules = List.copyOf(rules);
    this.otherParts = List.copyOf(otherParts);
    this.zeros = List.copyOf(zeros);
  }

  /** Names as in the graph, unless a rule says otherwise. */
  static NameDialect of(String name) {
    Pattern counters = Pattern.compile("(.*\\.)?num_batches_tracked");
    return new NameDialect(name, List.of(), List.of(counters), List.of());
  }

  /**
   * Adds a rule; the first one that matches decides.
   *
   * @param graphName regular expression for the whole name in the graph
   * @param replacement with $1 for groups
   */
  NameDialect rename(String graphName, String replacement) {
    return rename(graphName, replacement, Arrangement.AS_IS);
  }

  NameDialect rename(String graphName, String replacement, Arrangement arrangement) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(new Rule(Pattern.compile(graphName), replacement, arrangement));
    return new NameDialect(name, more, otherParts, zeros);
  }

  /**
   * Adds what the same files hold beside the image tower.
   *
   * @param fileNames regular expressions for whole names
   */
  NameDialect besides(String... fileNames) {
    List<Pattern> more = new ArrayList<>(otherParts);
    for (String fileName : fileNames) {
      more.add(Pattern.compile(fileName));
    }
    return new NameDialect(name, rules, more, zeros);
  }

  /** Adds a tensor that the graph has no place for and that therefore must be zero. */
  NameDialect zero(String fileName) {
    List<String> more = new ArrayList<>(zeros);
    more.add(fileName);
    return new NameDialect(name, rules, otherParts, more).besides(Pattern.quote(fileName));
  }

  public String name() {
    return name;
  }

  TensorSource locate(String graphName) {
    for (Rule rule : rules) {
      Matcher matcher = rule.name.matcher(graphName);
      if (matcher.matches()) {
        return new TensorSource(matcher.replaceFirst(rule.replacement), rule.arrangement);
      }
    }
    return new TensorSource(graphName, Arrangement.AS_IS);
  }

  boolean isOtherPart(String fileName) {
    return otherParts.stream().anyMatch(part -> part.matcher(fileName).matches());
  }

  List<String> zeros() {
    return zeros;
  }

  @Override
  public String toString() {
    return name;
  }
}
