package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.gateway.v1.AttributeColumn;
import dev.likeness.gateway.v1.CreateGalleryRequest;
import dev.likeness.gateway.v1.CreateGalleryResponse;
import dev.likeness.gateway.v1.Gallery;
import dev.likeness.gateway.v1.GalleryAttributes;
import dev.likeness.gateway.v1.GalleryGeneration;
import dev.likeness.gateway.v1.GalleryServiceGrpc.GalleryServiceImplBase;
import dev.likeness.gateway.v1.GetGalleryRequest;
import dev.likeness.gateway.v1.GetGalleryResponse;
import dev.likeness.gateway.v1.UpdateGalleryRequest;
import dev.likeness.gateway.v1.UpdateGalleryResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryCommandsTest {

  @TempDir private Path directory;

  @Test
  void createsAGalleryWithAttributesAndReportsNamesThatDoNotFit() throws Exception {
    Files.createDirectory(directory.resolve("images"));
    Path file = Files.writeString(directory.resolve("known.csv"), "file,brand\n");
    FakeGalleries galleries = new FakeGalleries();
    try (FakePlatform platform = FakePlatform.of(galleries)) {
      CommandLineRun run =
          CommandLineRun.against(
              platform,
              directory,
              "gallery",
              "create",
              "shop",
              "--images",
              "images",
              "--encoder",
              "mini",
              "--attributes",
              "known.csv");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(galleries.created.getAttributesPath()).isEqualTo(file.toRealPath().toString());
      assertThat(run.out())
          .contains("shop: 5 images by mini/1, 3 with attributes (brand: text, price: number)");
      assertThat(run.err())
          .contains("Images without a line in the file of attributes: 2 (a.jpg, b.jpg).")
          .contains("that name no image of the gallery: 12 (lost.jpg, …).");
    }
  }

  @Test
  void waitsUntilAnUpdateIsSearched() throws Exception {
    FakeGalleries galleries = new FakeGalleries();
    try (FakePlatform platform = FakePlatform.of(galleries)) {
      CommandLineRun run =
          CommandLineRun.against(platform, directory, "gallery", "update", "shop", "--json");
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(galleries.updated.getAttributesPath()).isEmpty();
      JsonNode json = run.json();
      assertThat(json.get("revision").asInt()).isEqualTo(4);
      assertThat(json.at("/serving/revision").asInt()).isEqualTo(4);
      assertThat(json.at("/serving/attributes/columns/price").asText()).isEqualTo("number");
      assertThat(json.at("/serving/attributes/unknown").asInt()).isEqualTo(12);
      assertThat(json.at("/serving/attributes/undescribed_names/1").asText()).isEqualTo("b.jpg");
    }
  }

  @Test
  void refusesAFileThatIsNotThere() throws Exception {
    try (FakePlatform platform = FakePlatform.of(new FakeGalleries())) {
      CommandLineRun run =
          CommandLineRun.against(
              platform, directory, "gallery", "update", "shop", "--attributes", "none.csv");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("--attributes: there is no file 'none.csv'");
    }
  }

  /** An update is searched when it is asked for the second time. */
  private static final class FakeGalleries extends GalleryServiceImplBase {
    private CreateGalleryRequest created = CreateGalleryRequest.getDefaultInstance();
    private UpdateGalleryRequest updated = UpdateGalleryRequest.getDefaultInstance();
    private int asked;

    private static Gallery gallery(long wanted, long searched) {
      return Gallery.newBuilder()
          .setName("shop")
          .setEncoder("mini")
          .setImagesPath("/images")
          .setRevision(wanted)
          .setServing(
              GalleryGeneration.newBuilder()
                  .setEncoderVersion(1)
                  .setImageCount(5)
                  .setTotalCount(5)
                  .setRevision(searched)
                  .setAttributes(
                      GalleryAttributes.newBuilder()
                          .addColumns(AttributeColumn.newBuilder().setName("brand").setKind("text"))
                          .addColumns(
                              AttributeColumn.newBuilder().setName("price").setKind("number"))
                          .setDescribedCount(3)
                          .setUndescribedCount(2)
                          .setUnknownCount(12)
                          .addUndescribedNames("a.jpg")
                          .addUndescribedNames("b.jpg")
                          .addUnknownNames("lost.jpg")))
          .build();
    }

    @Override
    public void createGallery(
        CreateGalleryRequest request, StreamObserver<CreateGalleryResponse> replies) {
      created = request;
      replies.onNext(CreateGalleryResponse.newBuilder().setGallery(gallery(0, 0)).build());
      replies.onCompleted();
    }

    @Override
    public void updateGallery(
        UpdateGalleryRequest request, StreamObserver<UpdateGalleryResponse> replies) {
      updated = request;
      replies.onNext(UpdateGalleryResponse.newBuilder().setGallery(gallery(4, 3)).build());
      replies.onCompleted();
    }

    @Override
    public void getGallery(GetGalleryRequest request, StreamObserver<GetGalleryResponse> replies) {
      replies.onNext(
          GetGalleryResponse.newBuilder().setGallery(gallery(4, asked++ == 0 ? 3 : 4)).build());
      replies.onCompleted();
    }
  }
}
