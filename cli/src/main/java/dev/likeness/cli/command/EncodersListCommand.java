package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.Platform;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.ListEncodersRequest;
import dev.likeness.embedder.v1.ListEncodersResponse;
import dev.likeness.embedder.v1.ListPublishedEncodersRequest;
import dev.likeness.embedder.v1.ListPublishedEncodersResponse;
import dev.likeness.embedder.v1.PublishedEncoder;
import dev.likeness.evaluation.file.JsonDocument;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The encoders of the model store, or those that can be pulled. */
@Command(name = "list", description = "List the encoders.")
public final class EncodersListCommand extends LikenessCommand {
  private static final Duration TIME = Duration.ofSeconds(30);
  private static final int PAGE_SIZE = 1000;

  @Option(
      names = "--published",
      description = "List what './likeness encoders pull' can fetch instead.")
  private boolean published;

  /** The command in its surroundings. */
  public EncodersListCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) {
    ObjectNode json = JsonDocument.object();
    ArrayNode encoders = json.putArray("encoders");
    try (Platform platform = connect()) {
      if (published) {
        listPublished(platform, output, encoders);
      } else {
        list(platform, output, encoders);
      }
    }
    return json;
  }

  private static void list(Platform platform, Output output, ArrayNode encoders) {
    output.result(EncoderText.heading());
    String page = "";
    do {
      ListEncodersResponse response =
          Platform.within(TIME, platform.embedder())
              .listEncoders(
                  ListEncodersRequest.newBuilder()
                      .setPageSize(PAGE_SIZE)
                      .setPageToken(page)
                      .build());
      for (Encoder encoder : response.getEncodersList()) {
        output.result(EncoderText.line(encoder));
        encoders.add(EncoderText.json(encoder));
      }
      page = response.getNextPageToken();
    } while (!page.isEmpty());
  }

  private static void listPublished(Platform platform, Output output, ArrayNode encoders) {
    output.result(PublishedEncoderText.heading());
    String page = "";
    do {
      ListPublishedEncodersResponse response =
          Platform.within(TIME, platform.embedder())
              .listPublishedEncoders(
                  ListPublishedEncodersRequest.newBuilder()
                      .setPageSize(PAGE_SIZE)
                      .setPageToken(page)
                      .build());
      for (PublishedEncoder encoder : response.getEncodersList()) {
        output.result(PublishedEncoderText.line(encoder));
        encoders.add(PublishedEncoderText.json(encoder));
      }
      page = response.getNextPageToken();
    } while (!page.isEmpty());
  }
}
