package dev.likeness.gateway.competition;

import dev.likeness.evaluation.competition.CompetitionClient;
import dev.likeness.evaluation.competition.CompetitionReply;
import dev.likeness.evaluation.competition.CompetitionRequest;
import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.evaluation.submission.Submission;
import dev.likeness.evaluation.submission.SubmissionCheck;
import dev.likeness.evaluation.submission.SubmissionException;
import dev.likeness.evaluation.submission.SubmissionFile;
import dev.likeness.evaluation.submission.SubmissionProblem;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.run.ImageNotFoundException;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunNotFinishedException;
import dev.likeness.gateway.run.RunOutputMissingException;
import dev.likeness.gateway.run.RunResult;
import dev.likeness.gateway.run.RunSpec;
import dev.likeness.gateway.run.RunState;
import dev.likeness.gateway.run.RunStorageException;
import dev.likeness.gateway.run.RunStore;
import dev.likeness.service.PageRequest;
import dev.likeness.service.PathOutsideRootsException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What clients can ask about runs; used by gRPC and REST alike. Safe for use by many threads. */
public final class Competitions {

  private static final int MAX_REQUEST_ID = 128;

  private final RunStore store;
  private final RunQueue queue;
  private final EmbedderPeer embedder;
  private final DatasetFolder folder;
  private final Clock clock;
  private final Duration sendTimeout;
  private final Object sending = new Object();

  /**
   * @param sendTimeout how long a competition server may take to answer
   */
  public Competitions(
      RunStore store,
      RunQueue queue,
      EmbedderPeer embedder,
      DatasetFolder folder,
      Clock clock,
      Duration sendTimeout) {
    this.store = store;
    this.queue = queue;
    this.embedder = embedder;
    this.folder = folder;
    this.clock = clock;
    this.sendTimeout = sendTimeout;
  }

  /**
   * Checks the data set, labels, output directory and, if the embedder is there, the encoder; then
   * accepts the run. The same request_id answers the same run, whatever became of its files.
   *
   * @param requestId the caller's id of this request, null for none
   */
  public Run create(RunSpec spec, @Nullable String requestId) throws PathOutsideRootsException {
    if (requestId != null && requestId.length() > MAX_REQUEST_ID) {
      throw new InvalidRequestException(
          "request_id",
          "request_id has %d characters, at most %d are allowed"
              .formatted(requestId.length(), MAX_REQUEST_ID));
    }
    Optional<Run> earlier = store.findRequest(requestId);
    if (earlier.isEmpty()) {
      Dataset dataset = folder.dataset(spec);
      var _ = folder.truth(spec, dataset);
      folder.requireWritable(spec);
      spec.encoders().forEach(this::requireEncoder);
    }
    Run run = store.create(spec, requestId);
    if (earlier.isEmpty()) {
      queue.submit(run.id());
    }
    return run;
  }

  private void requireEncoder(String name) {
    try {
      var _ = embedder.encoder(name);
    } catch (PeerException.Unavailable e) {
      // The run waits for the embedder and asks it then.
      return;
    }
  }

  /** One run. */
  public Run get(String id) {
    return store.require(id);
  }

  /** A page of runs, newest first. */
  public PageRequest.Page<Run> list(PageRequest page) {
    return NewestFirst.page(page, store.all().reversed());
  }

  /**
   * An image of the gallery of a run, for showing what was found.
   *
   * @throws ImageNotFoundException if the data set has no such image now
   */
  public Path galleryImage(String id, String name) throws PathOutsideRootsException {
    return folder.dataset(get(id).spec()).gallery().stream()
        .filter(image -> image.name().equals(name))
        .map(ImageFile::path)
        .findFirst()
        .orElseThrow(() -> new ImageNotFoundException(id, name));
  }

  /** The submission of a finished run, as it was written. */
  public byte[] submission(String id) throws PathOutsideRootsException {
    Run run = get(id);
    return read(run, finished(run).submissionPath());
  }

  /** The report of a finished run, HTML. */
  public byte[] report(String id) throws PathOutsideRootsException {
    Run run = get(id);
    return read(run, finished(run).reportPath());
  }

  private byte[] read(Run run, String file) throws PathOutsideRootsException {
    Path path = folder.written(run.spec(), file);
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new RunOutputMissingException(path);
    }
  }

  private static RunResult finished(Run run) {
    if (run.state() instanceof RunState.Succeeded(RunResult result, _)) {
      return result;
    }
    throw new RunNotFinishedException(run);
  }

  /**
   * Checks the submission of a finished run once more, as it lies on the disk, and sends it. Every
   * attempt is kept in the run's directory.
   *
   * @throws InterruptedException if the thread is interrupted; the submission may have arrived
   */
  public CompetitionReply send(String id, String groupName, String url, boolean template)
      throws PathOutsideRootsException, InterruptedException {
    Run run = get(id);
    Path file = folder.written(run.spec(), finished(run).submissionPath());
    if (!Files.isReadable(file)) {
      throw new RunOutputMissingException(file);
    }
    Submission submission = SubmissionFile.read(file);
    requireValid(submission, folder.dataset(run.spec()), run.spec().topK());
    CompetitionRequest request = request(submission, groupName, url, template);
    Path history = store.directory(run.id()).resolve("sent");
    synchronized (sending) {
      try (CompetitionClient client = new CompetitionClient(history, clock)) {
        return client.send(request);
      } catch (IOException e) {
        throw new RunStorageException(history, e);
      }
    }
  }

  private static void requireValid(Submission submission, Dataset dataset, int k) {
    List<SubmissionProblem> problems = SubmissionCheck.against(submission, dataset, k);
    if (!problems.isEmpty()) {
      throw new SubmissionException.InvalidAnswer(
          "the submission has %d problems; the first: %s"
              .formatted(problems.size(), problems.getFirst().message()));
    }
  }

  private CompetitionRequest request(
      Submission submission, String groupName, String url, boolean template) {
    if (groupName.isBlank()) {
      throw new InvalidRequestException(
          "group_name", "the group name is missing; give the name of your group");
    }
    try {
      return new CompetitionRequest(URI.create(url), groupName, submission, template, sendTimeout);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "url", "the address must look like http://host:port/retrieval/, got '%s'".formatted(url));
    }
  }
}
