package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Figures;
import dev.likeness.cli.output.Output;
import dev.likeness.evaluation.file.JsonDocument;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Two competitions on the same images. */
record Comparison(Competition before, Competition after) {

  /** For people: a table, and what was gained. */
  void show(Output output) {
    int width = Math.max(name(before).length(), name(after).length());
    output.result("");
    output.result(Figures.heading(width));
    output.result(before.figures().row(width, name(before)));
    output.result(after.figures().row(width, name(after)));
    output.result("");
    for (Competition competition : new Competition[] {before, after}) {
      output.result(
          ("%-" + width + "s  %s")
              .formatted(name(competition), competition.figures().scoreSentence()));
    }
    Double gain = gain();
    output.result(
        gain == null
            ? "Gain: unknown"
            : String.format(Locale.ROOT, "Gain: %+.0f points of 1000", gain));
    output.result("Submission: " + after.run().getResult().getSubmissionPath());
    output.result("Reports:    " + before.run().getResult().getReportPath());
    output.result("            " + after.run().getResult().getReportPath());
  }

  /** For programs. */
  ObjectNode toJson() {
    ObjectNode json = JsonDocument.object();
    json.putArray("runs").add(before.toJson()).add(after.toJson());
    json.put("gain", gain());
    return json;
  }

  private @Nullable Double gain() {
    Double first = before.figures().score();
    Double second = after.figures().score();
    return first == null || second == null ? null : second - first;
  }

  private static String name(Competition competition) {
    return competition.run().getSpec().getEncoder();
  }
}
