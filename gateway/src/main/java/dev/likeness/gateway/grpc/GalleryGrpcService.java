package dev.likeness.gateway.grpc;

import dev.likeness.gateway.gallery.AttributeReport;
import dev.likeness.gateway.gallery.Gallery;
import dev.likeness.gateway.gallery.GalleryKeeper;
import dev.likeness.gateway.gallery.GalleryStore;
import dev.likeness.gateway.gallery.Generation;
import dev.likeness.gateway.peer.SearchEngine;
import dev.likeness.gateway.v1.AttributeColumn;
import dev.likeness.gateway.v1.ChooseGalleryEngineRequest;
import dev.likeness.gateway.v1.ChooseGalleryEngineResponse;
import dev.likeness.gateway.v1.CreateGalleryRequest;
import dev.likeness.gateway.v1.CreateGalleryResponse;
import dev.likeness.gateway.v1.DeleteGalleryRequest;
import dev.likeness.gateway.v1.DeleteGalleryResponse;
import dev.likeness.gateway.v1.GalleryAttributes;
import dev.likeness.gateway.v1.GalleryEngine;
import dev.likeness.gateway.v1.GalleryGeneration;
import dev.likeness.gateway.v1.GalleryService;
import dev.likeness.gateway.v1.GetGalleryEngineRequest;
import dev.likeness.gateway.v1.GetGalleryEngineResponse;
import dev.likeness.gateway.v1.GetGalleryRequest;
import dev.likeness.gateway.v1.GetGalleryResponse;
import dev.likeness.gateway.v1.ListGalleriesRequest;
import dev.likeness.gateway.v1.ListGalleriesResponse;
import dev.likeness.gateway.v1.UpdateGalleryRequest;
import dev.likeness.gateway.v1.UpdateGalleryResponse;
import dev.likeness.service.BlockingCall;
import dev.likeness.service.PageRequest;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;

/** Galleries over gRPC. */
@GrpcService
public class GalleryGrpcService implements GalleryService {

  private static final int DEFAULT_PAGE = 100;
  private static final int LARGEST_PAGE = 1000;

  private final GalleryKeeper keeper;
  private final GalleryStore store;

  /** Called by the container. */
  public GalleryGrpcService(GalleryKeeper keeper, GalleryStore store) {
    this.keeper = keeper;
    this.store = store;
  }

  @Override
  public Uni<CreateGalleryResponse> createGallery(CreateGalleryRequest request) {
    return BlockingCall.answer(
        () ->
            CreateGalleryResponse.newBuilder()
                .setGallery(
                    message(
                        keeper.create(
                            request.getName(),
                            request.getImagesPath(),
                            request.getEncoder(),
                            GatewayMessages.emptyToNull(request.getAttributesPath()))))
                .build());
  }

  @Override
  public Uni<UpdateGalleryResponse> updateGallery(UpdateGalleryRequest request) {
    return BlockingCall.answer(
        () ->
            UpdateGalleryResponse.newBuilder()
                .setGallery(
                    message(
                        keeper.update(
                            request.getName(),
                            GatewayMessages.emptyToNull(request.getAttributesPath()))))
                .build());
  }

  @Override
  public Uni<GetGalleryResponse> getGallery(GetGalleryRequest request) {
    return BlockingCall.answer(
        () ->
            GetGalleryResponse.newBuilder()
                .setGallery(message(store.require(request.getName())))
                .build());
  }

  @Override
  public Uni<ListGalleriesResponse> listGalleries(ListGalleriesRequest request) {
    return BlockingCall.answer(
        () -> {
          PageRequest.Page<Gallery> page =
              PageRequest.of(
                      request.getPageSize(), request.getPageToken(), DEFAULT_PAGE, LARGEST_PAGE)
                  .cut(store.all(), Gallery::name);
          var response = ListGalleriesResponse.newBuilder().setNextPageToken(page.nextPageToken());
          page.items().forEach(gallery -> response.addGalleries(message(gallery)));
          return response.build();
        });
  }

  @Override
  public Uni<DeleteGalleryResponse> deleteGallery(DeleteGalleryRequest request) {
    return BlockingCall.answer(
        () -> {
          keeper.remove(request.getName());
          return DeleteGalleryResponse.getDefaultInstance();
        });
  }

  @Override
  public Uni<GetGalleryEngineResponse> getGalleryEngine(GetGalleryEngineRequest request) {
    return BlockingCall.answer(
        () ->
            GetGalleryEngineResponse.newBuilder()
                .setEngine(message(keeper.engine(request.getName())))
                .build());
  }

  @Override
  public Uni<ChooseGalleryEngineResponse> chooseGalleryEngine(ChooseGalleryEngineRequest request) {
    return BlockingCall.answer(
        () ->
            ChooseGalleryEngineResponse.newBuilder()
                .setEngine(
                    message(
                        keeper.chooseEngine(
                            request.getName(),
                            request.getEngine(),
                            request.hasTargetRecall() ? request.getTargetRecall() : null)))
                .build());
  }

  private static GalleryEngine message(SearchEngine engine) {
    GalleryEngine.Builder message =
        GalleryEngine.newBuilder()
            .setChosen(engine.chosen())
            .setUsed(engine.used())
            .setVectorCount(engine.vectorCount())
            .setGraphVectorCount(engine.graphVectorCount());
    if (engine.targetRecall() != null) {
      message.setTargetRecall(engine.targetRecall());
    }
    if (engine.measuredRecall() != null) {
      message.setMeasuredRecall(engine.measuredRecall());
    }
    return message.build();
  }

  private static dev.likeness.gateway.v1.Gallery message(Gallery gallery) {
    var message =
        dev.likeness.gateway.v1.Gallery.newBuilder()
            .setName(gallery.name())
            .setImagesPath(gallery.imagesPath())
            .setEncoder(gallery.encoder())
            .setTrouble(gallery.trouble())
            .setRevision(gallery.revision());
    if (gallery.attributesPath() != null) {
      message.setAttributesPath(gallery.attributesPath());
    }
    if (gallery.serving() != null) {
      message.setServing(message(gallery.serving()));
    }
    if (gallery.building() != null) {
      message.setBuilding(message(gallery.building()));
    }
    if (gallery.previous() != null) {
      message.setPrevious(message(gallery.previous()));
    }
    return message.build();
  }

  private static GalleryAttributes message(AttributeReport report) {
    return GalleryAttributes.newBuilder()
        .addAllColumns(
            report.columns().stream()
                .map(
                    column ->
                        AttributeColumn.newBuilder()
                            .setName(column.name())
                            .setKind(column.kind().label())
                            .build())
                .toList())
        .setDescribedCount(report.described())
        .setUndescribedCount(report.undescribed())
        .setUnknownCount(report.unknown())
        .addAllUndescribedNames(report.undescribedNames())
        .addAllUnknownNames(report.unknownNames())
        .build();
  }

  private static GalleryGeneration message(Generation generation) {
    GalleryGeneration.Builder message =
        GalleryGeneration.newBuilder()
            .setCollection(generation.collection())
            .setFingerprint(generation.fingerprint())
            .setEncoderVersion(generation.encoderVersion())
            .setImageCount(generation.images())
            .setLeftOutCount(generation.leftOut())
            .setTotalCount(generation.total())
            .setRevision(generation.revision());
    if (generation.attributes() != null) {
      message.setAttributes(message(generation.attributes()));
    }
    if (generation.switchTime() != null) {
      message.setSwitchTime(GatewayMessages.timestamp(generation.switchTime()));
    }
    return message.build();
  }
}
