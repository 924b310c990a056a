package dev.likeness.benchmarks.measure;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Locale;

/**
 * A benchmark's findings: tables for people while they are made, and one JSON object at the end if
 * it is wanted. Then the tables go to standard error.
 */
public final class Report {

  private static final JsonMapper MAPPER = new JsonMapper();

  private final ObjectNode json = MAPPER.createObjectNode();
  private final ArrayNode comparisons;
  private final PrintStream text;
  private final boolean wantsJson;

  /**
   * @param benchmark its name, as it is given to {@code ./likeness bench}
   * @param wantsJson whether {@code --json} was given
   */
  public Report(String benchmark, boolean wantsJson) {
    this.wantsJson = wantsJson;
    this.text = wantsJson ? System.err : System.out;
    MachineFacts machine = MachineFacts.now();
    json.put("benchmark", benchmark);
    json.set("machine", MAPPER.valueToTree(machine));
    this.comparisons = json.putArray("comparisons");
    line(
        "%s, %d processors, %s, load %s"
            .formatted(
                machine.processor() == null ? "unknown processor" : machine.processor(),
                machine.processors(),
                machine.java(),
                machine.load() == null ? "unknown" : format("%.1f", machine.load())));
  }

  /** A line for people only. */
  public void line(String line) {
    text.println(line);
  }

  /** A condition of the whole benchmark, for people and programs. */
  public void condition(String name, Object value) {
    line(name.replace('_', ' ') + ": " + value);
    json.set(name, MAPPER.valueToTree(value));
  }

  /**
   * One comparison.
   *
   * @param subject what was compared, such as an encoder's name
   * @param unit of the rates, in the plural: images, queries
   * @param threads that each contender had
   * @return the comparison's object, for further facts about it
   */
  public ObjectNode add(String subject, String unit, int threads, ComparisonResult result) {
    line("");
    line(
        "%s: %s per second, %d threads, median of %d rounds (min to max) after %d to warm up"
            .formatted(subject, unit, threads, result.rounds(), result.warmUpRounds()));
    ObjectNode comparison = comparisons.addObject();
    comparison.put("subject", subject);
    comparison.put("unit", unit + "/s");
    comparison.put("threads", threads);
    comparison.put("rounds", result.rounds());
    comparison.put("warm_up_rounds", result.warmUpRounds());
    ArrayNode lines = comparison.putArray("contenders");
    for (ComparisonResult.Line each : result.lines()) {
      line(row(each));
      ObjectNode contender = lines.addObject();
      contender.put("name", each.name());
      contender.set("per_second", MAPPER.valueToTree(each.perSecond()));
      contender.set("ratio", MAPPER.valueToTree(each.ratio()));
    }
    return comparison;
  }

  /** Prints the JSON object if it is wanted; the last thing a benchmark does. */
  public void finish() {
    if (wantsJson) {
      System.out.println(json);
    }
    System.out.flush();
  }

  private static String row(ComparisonResult.Line line) {
    Spread rate = line.perSecond();
    Spread ratio = line.ratio();
    return format(
        "  %-36s %9.1f (%.1f to %.1f)   × %.3f (%.3f to %.3f)",
        line.name(),
        rate.median(),
        rate.min(),
        rate.max(),
        ratio.median(),
        ratio.min(),
        ratio.max());
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
