package dev.likeness.trainer.grpc;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.service.BlockingCall;
import dev.likeness.service.PageRequest;
import dev.likeness.trainer.job.InvalidJobException;
import dev.likeness.trainer.model.ModelHistory;
import dev.likeness.trainer.v1.ListModelVersionsRequest;
import dev.likeness.trainer.v1.ListModelVersionsResponse;
import dev.likeness.trainer.v1.ModelService;
import dev.likeness.trainer.v1.ModelVersion;
import dev.likeness.trainer.v1.Promotion;
import dev.likeness.trainer.v1.RollBackModelRequest;
import dev.likeness.trainer.v1.RollBackModelResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Locale;

/** The versions of encoders over gRPC. */
@GrpcService
public class ModelGrpcService implements ModelService {

  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;

  private final ModelHistory history;

  /** Called by the container. */
  public ModelGrpcService(ModelHistory history) {
    this.history = history;
  }

  @Override
  public Uni<ListModelVersionsResponse> listModelVersions(ListModelVersionsRequest request) {
    return BlockingCall.answer(
        () -> {
          ModelHistory.Versions versions = history.of(encoder(request.getEncoder()));
          PageRequest.Page<ModelPackage> page =
              PageRequest.of(
                      request.getPageSize(), request.getPageToken(), DEFAULT_PAGE, LARGEST_PAGE)
                  .cut(versions.versions(), ModelGrpcService::newestFirst);
          var response =
              ListModelVersionsResponse.newBuilder().setNextPageToken(page.nextPageToken());
          page.items()
              .forEach(
                  model ->
                      response.addVersions(
                          message(model, model.version().equals(versions.serving().version()))));
          versions.promotions().stream()
              .map(ModelGrpcService::message)
              .forEach(response::addPromotions);
          return response.build();
        });
  }

  @Override
  public Uni<RollBackModelResponse> rollBackModel(RollBackModelRequest request) {
    return BlockingCall.answer(
        () -> {
          if (request.hasVersion() && request.getVersion() < 1) {
            throw new InvalidJobException(
                "version", "version must be at least 1, not " + request.getVersion());
          }
          ModelHistory.RollBack done =
              history.rollBack(
                  encoder(request.getEncoder()),
                  request.hasVersion() ? request.getVersion() : null);
          return RollBackModelResponse.newBuilder()
              .setModel(message(done.model(), true))
              .setPreviousVersion(done.previousVersion())
              .build();
        });
  }

  /** Pages are cut in the ascending order of a text, so a higher version has a smaller one. */
  private static String newestFirst(ModelPackage model) {
    return String.format(Locale.ROOT, "%010d", Integer.MAX_VALUE - model.version().version());
  }

  private static EncoderName encoder(String name) {
    try {
      return new EncoderName(name);
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException("encoder", "encoder: " + e.getMessage());
    }
  }

  private static ModelVersion message(ModelPackage model, boolean serving) {
    String job = model.card().origin().jobId();
    var metrics = model.card().origin().metrics();
    ModelVersion.Builder message =
        ModelVersion.newBuilder()
            .setVersion(model.version().version())
            .setFingerprint(model.fingerprint().value())
            .setServing(serving)
            .setJobId(job == null ? "" : job)
            .setPublishTime(TrainerMessages.messageOf(Instant.parse(model.card().createdAt())));
    return (metrics == null ? message : message.putAllMetrics(metrics)).build();
  }

  private static Promotion message(dev.likeness.encoders.store.Promotion promotion) {
    return Promotion.newBuilder()
        .setVersion(promotion.version())
        .setPromoteTime(TrainerMessages.messageOf(promotion.time()))
        .setReason(promotion.reason())
        .setJobId(promotion.jobId() == null ? "" : promotion.jobId())
        .build();
  }
}
