package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.evaluation.record.ResultsTable;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** All run records below a directory in one table. */
@Command(
    name = "results",
    description = "Group the run records below a directory by encoder and average them.")
public final class ResultsCommand extends LikenessCommand {
  @Parameters(paramLabel = "DIR", description = "Directory with *_metrics_*.json files.")
  private String directory = "";

  /** The command in its surroundings. */
  public ResultsCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    Path folder = existingDirectory("DIR", directory);
    ResultsTable table = ResultsTable.read(folder);
    table.skipped().forEach(file -> output.note("Left out: " + file));
    if (table.rows().isEmpty()) {
      throw CommandFailure.partly(
          "NO_RECORDS",
          "there is no run record below '%s'; './likeness compete' writes them to OUT/results"
              .formatted(directory),
          table.toJson());
    }
    output.result(table.toText().stripTrailing());
    return table.toJson();
  }
}
