package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.Output;
import dev.likeness.evaluation.competition.CompetitionClient;
import dev.likeness.evaluation.competition.CompetitionReply;
import dev.likeness.evaluation.competition.CompetitionRequest;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.submission.Submission;
import dev.likeness.evaluation.submission.SubmissionCheck;
import dev.likeness.evaluation.submission.SubmissionFile;
import dev.likeness.evaluation.submission.SubmissionProblem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends a submission to a competition server; what does not arrive waits in the history. */
@Command(name = "submit", description = "Send a submission to a competition server.")
public final class SubmitCommand extends LikenessCommand {
  private static final int MAX_TIMEOUT_SECONDS = 3600;
  private static final int SHOWN_PROBLEMS = 5;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "Submission, in any of the known dialects.")
  private @Nullable String submissionFile;

  @Option(names = "--group", paramLabel = "NAME", description = "Name of your group.")
  private @Nullable String group;

  @Option(names = "--url", paramLabel = "URL", description = "Address of the server.")
  private @Nullable String url;

  @Option(
      names = "--queued",
      description = "Send what earlier attempts could not, instead of a file.")
  private boolean queued;

  @Option(
      names = "--template",
      description = "Send the raw text without the application/json header.")
  private boolean template;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for the server (default ${DEFAULT-VALUE}).")
  private int timeoutSeconds;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Check before sending that it answers this data set.")
  private @Nullable String data;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "10",
      description = "Names per query that --data checks for (default ${DEFAULT-VALUE}).")
  private int topK;

  /** The command in its surroundings. */
  public SubmitCommand(Session session) {
    super(session);
  }

  @Override
  ObjectNode run(Output output) throws IOException {
    between("--timeout", timeoutSeconds, 1, MAX_TIMEOUT_SECONDS);
    between("--top-k", topK, 1, Integer.MAX_VALUE);
    CompetitionRequest request = queued ? null : request();
    if (queued && (submissionFile != null || group != null || url != null)) {
      throw CommandFailure.usage("--queued sends what waits; it takes no FILE, --group or --url");
    }
    if (request != null && data != null) {
      check(request.submission(), existingDirectory("--data", data), output);
    }
    Path history = session().home().resolve("submissions");
    try (CompetitionClient client = new CompetitionClient(history, Clock.systemUTC())) {
      return request == null ? retry(client, output) : show(client.send(request), output);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("INTERRUPTED", "interrupted; the submission may have arrived");
    }
  }

  private CompetitionRequest request() throws IOException {
    if (submissionFile == null || group == null || url == null) {
      throw CommandFailure.usage("FILE, --group and --url are needed (or --queued alone)");
    }
    Path file = existingFile("FILE", submissionFile);
    try {
      return new CompetitionRequest(
          new URI(url.strip()),
          group,
          SubmissionFile.read(file),
          template,
          Duration.ofSeconds(timeoutSeconds));
    } catch (URISyntaxException _) {
      throw CommandFailure.usage("--url: '" + url + "' is no address");
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  private static ObjectNode retry(CompetitionClient client, Output output)
      throws IOException, InterruptedException {
    List<CompetitionReply> replies = client.retryQueued();
    int accepted = 0;
    for (CompetitionReply reply : replies) {
      switch (reply) {
        case CompetitionReply.Accepted _ -> {
          show(reply, output);
          accepted++;
        }
        case CompetitionReply.Rejected(int status, String message) ->
            output.result("The server refused one (HTTP %d): %s".formatted(status, message));
        case CompetitionReply.Queued(String reason) -> output.result("Still waiting: " + reason);
      }
    }
    output.result("%d of %d waiting submissions were taken.".formatted(accepted, replies.size()));
    ObjectNode json =
        JsonDocument.object()
            .put("accepted", accepted)
            .put("sent", replies.size())
            .put("waiting", client.queued());
    if (accepted < replies.size()) {
      throw CommandFailure.partly(
          "NOT_ALL_ACCEPTED",
          "%d of %d waiting submissions were not taken"
              .formatted(replies.size() - accepted, replies.size()),
          json);
    }
    return json;
  }

  private void check(Submission submission, Path dataset, Output output) {
    List<SubmissionProblem> problems =
        SubmissionCheck.against(submission, DatasetLayout.read(dataset), topK);
    if (problems.isEmpty()) {
      return;
    }
    problems.stream().limit(SHOWN_PROBLEMS).forEach(problem -> output.note(problem.message()));
    throw CommandFailure.failed(
        "SUBMISSION_INVALID",
        "the submission does not answer this data set (%d problems); it was not sent"
            .formatted(problems.size()));
  }

  private static ObjectNode show(CompetitionReply reply, Output output) {
    ObjectNode json = JsonDocument.object();
    switch (reply) {
      case CompetitionReply.Accepted(Double accuracy, String raw) -> {
        output.result(
            "The server took it; accuracy: " + (accuracy == null ? "not told" : accuracy));
        output.result("Reply: " + raw.strip());
        return json.put("outcome", "accepted").put("accuracy", accuracy).put("reply", raw);
      }
      case CompetitionReply.Rejected(int status, String message) ->
          throw CommandFailure.partly(
              "SUBMISSION_REJECTED",
              "the server refused the submission (HTTP %d): %s".formatted(status, message),
              json.put("outcome", "rejected").put("status_code", status));
      case CompetitionReply.Queued(String reason) ->
          throw CommandFailure.partly("SERVER_UNREACHABLE", reason, json.put("outcome", "queued"));
    }
  }
}
