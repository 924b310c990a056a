package dev.likeness.embedder.grpc;

import dev.likeness.embedder.config.EmbedderConfig;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.serving.EncoderRemoval;
import dev.likeness.embedder.serving.EncoderStatus;
import dev.likeness.embedder.serving.EncoderVerification;
import dev.likeness.embedder.serving.ServedEncoder;
import dev.likeness.embedder.serving.WhenFull;
import dev.likeness.embedder.v1.CreateEnsembleRequest;
import dev.likeness.embedder.v1.CreateEnsembleResponse;
import dev.likeness.embedder.v1.EmbedImageRequest;
import dev.likeness.embedder.v1.EmbedImageResponse;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderService;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.embedder.v1.GetEncoderResponse;
import dev.likeness.embedder.v1.ImportEncoderRequest;
import dev.likeness.embedder.v1.ImportEncoderResponse;
import dev.likeness.embedder.v1.ListEncodersRequest;
import dev.likeness.embedder.v1.ListEncodersResponse;
import dev.likeness.embedder.v1.ListPublishedEncodersRequest;
import dev.likeness.embedder.v1.ListPublishedEncodersResponse;
import dev.likeness.embedder.v1.LoadEncoderRequest;
import dev.likeness.embedder.v1.LoadEncoderResponse;
import dev.likeness.embedder.v1.PullEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderResponse;
import dev.likeness.embedder.v1.QuantizeEncoderRequest;
import dev.likeness.embedder.v1.QuantizeEncoderResponse;
import dev.likeness.embedder.v1.RemoveEncoderRequest;
import dev.likeness.embedder.v1.RemoveEncoderResponse;
import dev.likeness.embedder.v1.UnloadEncoderRequest;
import dev.likeness.embedder.v1.UnloadEncoderResponse;
import dev.likeness.embedder.v1.VerifyEncoderRequest;
import dev.likeness.embedder.v1.VerifyEncoderResponse;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.ModelVersion;
import dev.likeness.service.BlockingCall;
import dev.likeness.service.PageRequest;
import io.grpc.Context;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code likeness.embedder.v1.EmbedderService}.
 *
 * <p>The two embedding methods only start virtual threads, since they need the call's context;
 * whatever else may wait runs on one.
 */
@GrpcService
@RegisterInterceptor(StreamFlowControl.class)
public class EmbedderGrpcService implements EmbedderService {

  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;

  private final EncoderCatalog catalog;
  private final ImageCalls calls;
  private final EncoderImports imports;
  private final EncoderPulls pulls;
  private final EnsembleCreation ensembles;
  private final EncoderQuantizations quantizations;
  private final EncoderRemoval removal;
  private final RuntimeOptions runtime;
  private final StatusMapping failures;
  private final int window;

  /** Called by the container. */
  public EmbedderGrpcService(
      EncoderCatalog catalog,
      ImageCalls calls,
      EncoderImports imports,
      EncoderPulls pulls,
      EnsembleCreation ensembles,
      EncoderQuantizations quantizations,
      EncoderRemoval removal,
      RuntimeOptions runtime,
      StatusMapping failures,
      EmbedderConfig config) {
    this.catalog = catalog;
    this.calls = calls;
    this.imports = imports;
    this.pulls = pulls;
    this.ensembles = ensembles;
    this.quantizations = quantizations;
    this.removal = removal;
    this.runtime = runtime;
    this.failures = failures;
    this.window = config.stream().window();
  }

  @Override
  public Uni<EmbedImageResponse> embedImage(EmbedImageRequest request) {
    CompletableFuture<EmbeddedBy> embedded =
        calls.start(
            required("encoder", request.getEncoder()),
            request.getImage().toByteArray(),
            WhenFull.REFUSE,
            Context.current());
    return Uni.createFrom()
        .completionStage(embedded)
        .map(
            done ->
                EmbedImageResponse.newBuilder()
                    .setEmbedding(EmbedderMessages.embedding(done))
                    .setTiming(EmbedderMessages.timing(done.image().timing()))
                    .build());
  }

  /**
   * Images start as they arrive; the buffer keeps their order and never holds more than a window.
   */
  @Override
  public Multi<EmbedImagesResponse> embedImages(Multi<EmbedImagesRequest> requests) {
    ImageStream stream = new ImageStream(calls, failures, Context.current());
    return requests
        .map(stream::start)
        .onOverflow()
        .buffer(window + 1)
        .onItem()
        .transformToUniAndConcatenate(outcome -> Uni.createFrom().completionStage(outcome));
  }

  @Override
  public Uni<ListEncodersResponse> listEncoders(ListEncodersRequest request) {
    return BlockingCall.answer(
        () -> {
          PageRequest.Page<EncoderStatus> page =
              PageRequest.of(
                      request.getPageSize(), request.getPageToken(), DEFAULT_PAGE, LARGEST_PAGE)
                  .cut(catalog.list(), status -> status.model().name().value());
          ListEncodersResponse.Builder response =
              ListEncodersResponse.newBuilder().setNextPageToken(page.nextPageToken());
          page.items().forEach(status -> response.addEncoders(EmbedderMessages.encoder(status)));
          return response.build();
        });
  }

  @Override
  public Uni<GetEncoderResponse> getEncoder(GetEncoderRequest request) {
    return BlockingCall.answer(
        () -> {
          EncoderStatus status =
              catalog.find(
                  required("name", request.getName()),
                  request.hasVersion() ? request.getVersion() : null);
          return GetEncoderResponse.newBuilder()
              .setEncoder(EmbedderMessages.encoder(status))
              .build();
        });
  }

  @Override
  public Uni<LoadEncoderResponse> loadEncoder(LoadEncoderRequest request) {
    return BlockingCall.answer(
        () -> {
          ServedEncoder loaded =
              catalog.load(required("name", request.getName()), version(request));
          return LoadEncoderResponse.newBuilder()
              .setEncoder(EmbedderMessages.encoder(catalog.statusOf(loaded.model())))
              .build();
        });
  }

  private static @Nullable Integer version(LoadEncoderRequest request) {
    return request.hasVersion() ? request.getVersion() : null;
  }

  @Override
  public Uni<UnloadEncoderResponse> unloadEncoder(UnloadEncoderRequest request) {
    return BlockingCall.answer(
        () -> {
          catalog.unload(required("name", request.getName()));
          return UnloadEncoderResponse.newBuilder()
              .setEncoder(EmbedderMessages.encoder(catalog.find(request.getName(), null)))
              .build();
        });
  }

  @Override
  public Multi<ImportEncoderResponse> importEncoder(ImportEncoderRequest request) {
    return imports.run(request);
  }

  @Override
  public Uni<ListPublishedEncodersResponse> listPublishedEncoders(
      ListPublishedEncodersRequest request) {
    return BlockingCall.answer(() -> pulls.list(request));
  }

  @Override
  public Multi<PullEncoderResponse> pullEncoder(PullEncoderRequest request) {
    return pulls.run(request);
  }

  @Override
  public Multi<CreateEnsembleResponse> createEnsemble(CreateEnsembleRequest request) {
    return ensembles.run(request);
  }

  @Override
  public Multi<QuantizeEncoderResponse> quantizeEncoder(QuantizeEncoderRequest request) {
    return quantizations.run(request);
  }

  @Override
  public Uni<RemoveEncoderResponse> removeEncoder(RemoveEncoderRequest request) {
    return BlockingCall.answer(
        () -> {
          EncoderRemoval.Removed removed =
              removal.remove(
                  required("name", request.getName()),
                  request.hasVersion() ? request.getVersion() : null);
          return RemoveEncoderResponse.newBuilder()
              .addAllVersions(removed.versions().stream().map(ModelVersion::version).toList())
              .setFreedBytes(removed.freedBytes())
              .build();
        });
  }

  @Override
  public Uni<VerifyEncoderResponse> verifyEncoder(VerifyEncoderRequest request) {
    return BlockingCall.answer(
        () -> {
          EncoderStatus status =
              catalog.find(
                  required("name", request.getName()),
                  request.hasVersion() ? request.getVersion() : null);
          return EmbedderMessages.verification(EncoderVerification.of(status.model(), runtime));
        });
  }

  private static String required(String field, String value) {
    if (value.isEmpty()) {
      throw new InvalidFieldException(field, field + " is required");
    }
    return value;
  }
}
