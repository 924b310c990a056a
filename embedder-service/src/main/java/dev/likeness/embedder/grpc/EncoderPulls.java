package dev.likeness.embedder.grpc;

import dev.likeness.embedder.config.PullEnvironment;
import dev.likeness.embedder.config.WorkerThreads;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.v1.ListPublishedEncodersRequest;
import dev.likeness.embedder.v1.ListPublishedEncodersResponse;
import dev.likeness.embedder.v1.PullEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderResponse;
import dev.likeness.encoders.pull.DownloadSettings;
import dev.likeness.encoders.pull.EncoderPull;
import dev.likeness.encoders.pull.PublishedEncoder;
import dev.likeness.encoders.pull.PullRequest;
import dev.likeness.encoders.pull.PullResult;
import dev.likeness.encoders.pull.WeightDownload;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PageRequest;
import dev.likeness.service.PathOutsideRootsException;
import dev.likeness.service.ServiceFailure;
import io.grpc.Status.Code;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;

/**
 * Runs pulls on their own thread, one after another, and tells how far they are; see {@link
 * EncoderImports} for how.
 */
@ApplicationScoped
public class EncoderPulls {

  private static final int LARGEST_PAGE = 1000;
  private static final int DEFAULT_PAGE = 100;

  private final FileRoots roots;
  private final ModelStore store;
  private final EncoderCatalog catalog;
  private final PullEnvironment environment;
  private final WorkerThreads threads;

  /** Called by the container. */
  public EncoderPulls(
      FileRoots roots,
      ModelStore store,
      EncoderCatalog catalog,
      PullEnvironment environment,
      WorkerThreads threads) {
    this.roots = roots;
    this.store = store;
    this.catalog = catalog;
    this.environment = environment;
    this.threads = threads;
  }

  /** What can be pulled, by name. */
  ListPublishedEncodersResponse list(ListPublishedEncodersRequest request) {
    DownloadSettings settings = settings();
    List<PublishedEncoder> all =
        PublishedEncoder.all().stream()
            .sorted(Comparator.comparing(PublishedEncoder::name))
            .toList();
    PageRequest.Page<PublishedEncoder> page =
        PageRequest.of(request.getPageSize(), request.getPageToken(), DEFAULT_PAGE, LARGEST_PAGE)
            .cut(all, PublishedEncoder::name);
    ListPublishedEncodersResponse.Builder response =
        ListPublishedEncodersResponse.newBuilder().setNextPageToken(page.nextPageToken());
    page.items().forEach(each -> response.addEncoders(PullMessages.published(each, settings)));
    return response.build();
  }

  /** Progress, then notes, then the encoder. */
  Multi<PullEncoderResponse> run(PullEncoderRequest message) {
    return Multi.createFrom()
        .emitter(emitter -> threads.pulling().execute(() -> run(message, emitter)));
  }

  private void run(PullEncoderRequest message, MultiEmitter<? super PullEncoderResponse> emitter) {
    try {
      PullRequest request = PullMessages.request(message, roots);
      WeightDownload download = new WeightDownload(settings(), environment.variables());
      PullResult result =
          new EncoderPull(store, download, Clock.systemUTC())
              .run(request, new ToldProgress(emitter));
      result.notes().forEach(note -> emitter.emit(PullMessages.told(note).build()));
      catalog.refresh(result.model().name());
      emitter.emit(
          PullMessages.told(
                  "%s as %s"
                      .formatted(
                          result.alreadyThere() ? "there already" : "published",
                          result.model().version()))
              .setEncoder(EmbedderMessages.encoder(catalog.statusOf(result.model())))
              .setAlreadyThere(result.alreadyThere())
              .build());
      emitter.complete();
    } catch (PathOutsideRootsException | RuntimeException | Error failure) {
      // Nobody is told when the caller has gone; that is also how its pull ends.
      if (!emitter.isCancelled()) {
        emitter.fail(failure);
      }
    }
  }

  private DownloadSettings settings() {
    try {
      return environment.settings();
    } catch (IllegalArgumentException wrong) {
      throw ServiceFailure.of(
              Code.FAILED_PRECONDITION,
              "PULL_SETTINGS_INVALID",
              "%s; set it before the embedder is started".formatted(wrong.getMessage()))
          .toException();
    }
  }
}
