package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.UnsafeByteOperations;
import dev.likeness.cli.output.AttributeText;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.CompetitionRuns;
import dev.likeness.cli.platform.Platform;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.v1.FoundImage;
import dev.likeness.gateway.v1.SearchByImageRequest;
import dev.likeness.gateway.v1.SearchByImageResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The gallery images most like an image. */
@Command(name = "search", description = "Find the gallery images most like an image.")
public final class SearchCommand extends LikenessCommand {
  private static final int MAX_K = 1000;
  private static final long MAX_IMAGE_BYTES = 60L << 20;

  /** An encoder may have to be loaded first. */
  private static final Duration TIME = Duration.ofMinutes(2);

  @Parameters(paramLabel = "IMAGE", description = "Image to look for.")
  private String image = "";

  @Option(
      names = "--in",
      paramLabel = "RUN|COLLECTION",
      description = "Run or collection to search (default: the newest run).")
  private @Nullable String target;

  @Option(
      names = "-k",
      paramLabel = "K",
      defaultValue = "10",
      description = "Images wanted (default ${DEFAULT-VALUE}).")
  private int k;

  @Option(
      names = "--filter",
      paramLabel = "EXPRESSION",
      description =
          "Which images may be found by their attributes, e.g. 'brand = \"acme\" and price < 20'.")
  private @Nullable String filter;

  /** The command in its surroundings. */
  public SearchCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    between("-k", k, 1, MAX_K);
    Path file = existingFile("IMAGE", image);
    if (Files.size(file) > MAX_IMAGE_BYTES) {
      throw CommandFailure.failed(
          "IMAGE_TOO_LARGE",
          "'%s' has %d bytes, at most %d are taken"
              .formatted(image, Files.size(file), MAX_IMAGE_BYTES));
    }
    try (Platform platform = connect()) {
      String collection = collection(new CompetitionRuns(platform, session().patience()));
      SearchByImageRequest.Builder request =
          SearchByImageRequest.newBuilder()
              .setCollection(collection)
              .setImage(UnsafeByteOperations.unsafeWrap(Files.readAllBytes(file)))
              .setK(k);
      if (filter != null) {
        request.setFilterExpression(filter);
      }
      return show(
          collection,
          Platform.within(TIME, platform.search()).searchByImage(request.build()),
          output);
    }
  }

  private String collection(CompetitionRuns runs) {
    if (target != null) {
      return runs.collectionOf(notBlank("--in", target)).orElse(target);
    }
    return runs.newestCollection()
        .orElseThrow(
            () ->
                CommandFailure.failed(
                    "NOTHING_TO_SEARCH",
                    "there is no finished run to search; './likeness compete' makes one, or name a collection with --in"));
  }

  private ObjectNode show(String collection, SearchByImageResponse found, Output output) {
    ObjectNode json =
        JsonDocument.object()
            .put("collection", collection)
            .put("matching_count", found.getMatchingCount());
    ArrayNode images = json.putArray("images");
    for (FoundImage image : found.getImagesList()) {
      output.result(
          String.format(Locale.ROOT, "%8.4f  %s", image.getScore(), image.getId())
              + AttributeText.line(image));
      AttributeText.put(
          images.addObject().put("id", image.getId()).put("score", image.getScore()), image);
    }
    if (filter != null) {
      output.note("Images that the filter allows: %d.".formatted(found.getMatchingCount()));
    }
    return json;
  }
}
