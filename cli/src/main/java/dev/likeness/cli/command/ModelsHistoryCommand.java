package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.trainer.v1.ListModelVersionsRequest;
import dev.likeness.trainer.v1.ListModelVersionsResponse;
import dev.likeness.trainer.v1.ModelVersion;
import dev.likeness.trainer.v1.Promotion;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The versions of an encoder, which of them serves, and since when. */
@Command(
    name = "history",
    description = "List the versions of an encoder, which of them serves, and why.")
public final class ModelsHistoryCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final int PAGE_SIZE = 1000;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  @Parameters(paramLabel = "NAME", description = "Encoder.")
  private String name = "";

  /** The command in its surroundings. */
  public ModelsHistoryCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    ObjectNode json = JsonDocument.object();
    json.put("encoder", notBlank("NAME", name));
    ArrayNode versions = json.putArray("versions");
    ArrayNode promotions = json.putArray("promotions");
    try (Platform platform = connect()) {
      ListModelVersionsResponse response =
          Platform.within(TIME, platform.models())
              .listModelVersions(
                  ListModelVersionsRequest.newBuilder()
                      .setEncoder(name)
                      .setPageSize(PAGE_SIZE)
                      .build());
      output.result("version  published (UTC)   serves  made by");
      for (ModelVersion version : response.getVersionsList()) {
        output.result(
            "%7d  %s  %-6s  %s"
                .formatted(
                    version.getVersion(),
                    time(version.getPublishTime().getSeconds()),
                    version.getServing() ? "yes" : "",
                    version.getJobId().isEmpty() ? "hand" : "job " + version.getJobId()));
        versions
            .addObject()
            .put("version", version.getVersion())
            .put("fingerprint", version.getFingerprint())
            .put("serving", version.getServing())
            .put("job_id", version.getJobId().isEmpty() ? null : version.getJobId());
      }
      for (Promotion promotion : response.getPromotionsList()) {
        output.result(
            "%s  version %d: %s"
                .formatted(
                    time(promotion.getPromoteTime().getSeconds()),
                    promotion.getVersion(),
                    promotion.getReason()));
        promotions
            .addObject()
            .put("version", promotion.getVersion())
            .put("reason", promotion.getReason())
            .put("job_id", promotion.getJobId().isEmpty() ? null : promotion.getJobId());
      }
    }
    return json;
  }

  private static String time(long seconds) {
    return DATE.format(Instant.ofEpochSecond(seconds));
  }
}
