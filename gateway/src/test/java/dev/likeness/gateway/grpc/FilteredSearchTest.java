package dev.likeness.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.likeness.gateway.v1.CreateGalleryRequest;
import dev.likeness.gateway.v1.FoundImage;
import dev.likeness.gateway.v1.Gallery;
import dev.likeness.gateway.v1.GalleryServiceGrpc.GalleryServiceBlockingStub;
import dev.likeness.gateway.v1.GetGalleryRequest;
import dev.likeness.gateway.v1.SearchByIdRequest;
import dev.likeness.gateway.v1.SearchByIdResponse;
import dev.likeness.gateway.v1.SearchByImageRequest;
import dev.likeness.gateway.v1.SearchByImageResponse;
import dev.likeness.gateway.v1.SearchServiceGrpc.SearchServiceBlockingStub;
import dev.likeness.gateway.v1.UpdateGalleryRequest;
import dev.likeness.index.v1.FieldRange;
import dev.likeness.index.v1.Filter;
import dev.likeness.index.v1.PayloadValue;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(FakePeers.class)
class FilteredSearchTest {

  @GrpcClient("gateway")
  GalleryServiceBlockingStub galleries;

  @GrpcClient("gateway")
  SearchServiceBlockingStub search;

  private static Path images(String name) throws Exception {
    Path folder = Files.createDirectories(FakePeers.root.resolve(name));
    for (int degrees = 0; degrees < 50; degrees += 10) {
      Files.writeString(folder.resolve("at" + degrees + ".png"), String.valueOf(degrees));
    }
    Files.writeString(
        folder.resolve("attributes.csv"),
        "file,price,sold\nat0.png,1,true\nat10.png,2,false\nat20.png,3,true\nlost.png,3,true\n");
    return folder;
  }

  private Gallery create(String name) throws Exception {
    Gallery gallery =
        galleries
            .createGallery(
                CreateGalleryRequest.newBuilder()
                    .setName(name)
                    .setImagesPath(images(name).toString())
                    .setEncoder("circle")
                    .build())
            .getGallery();
    return awaited(gallery);
  }

  private Gallery awaited(Gallery gallery) throws Exception {
    Gallery now = gallery;
    while (!now.hasServing() || now.getServing().getRevision() < gallery.getRevision()) {
      assertThat(now.getTrouble()).isEmpty();
      Thread.sleep(20);
      now =
          galleries
              .getGallery(GetGalleryRequest.newBuilder().setName(gallery.getName()).build())
              .getGallery();
    }
    return now;
  }

  private static SearchByImageRequest.Builder request(String gallery) {
    return SearchByImageRequest.newBuilder()
        .setCollection(gallery)
        .setImage(ByteString.copyFromUtf8("12"))
        .setK(2);
  }

  private static List<String> names(List<FoundImage> images) {
    return images.stream().map(FoundImage::getId).toList();
  }

  private ErrorInfo refusal(SearchByImageRequest.Builder request) throws Exception {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> search.searchByImage(request.build()));
    Status status = StatusProto.fromThrowable(refused);
    assertThat(refused.getStatus().getCode().name()).isEqualTo("INVALID_ARGUMENT");
    assertThat(status.getMessage()).contains("filter");
    return status.getDetailsList().stream()
        .filter(detail -> detail.is(ErrorInfo.class))
        .findFirst()
        .orElseThrow()
        .unpack(ErrorInfo.class);
  }

  @Test
  void answersTheImagesThatAFilterAllowsWithTheirAttributes() throws Exception {
    Gallery gallery = create("priced");
    assertThat(gallery.getAttributesPath()).endsWith("priced/attributes.csv");
    assertThat(gallery.getServing().getAttributes().getDescribedCount()).isEqualTo(3);
    assertThat(gallery.getServing().getAttributes().getUnknownNamesList())
        .containsExactly("lost.png");
    assertThat(gallery.getServing().getAttributes().getColumns(0).getKind()).isEqualTo("number");

    SearchByImageResponse found =
        search.searchByImage(
            request("priced").setFilterExpression("sold = true or price > 2").build());
    assertThat(names(found.getImagesList())).containsExactly("at20.png", "at0.png");
    assertThat(found.getMatchingCount()).isEqualTo(2);
    assertThat(found.getImages(0).getAttributesMap())
        .containsEntry("price", PayloadValue.newBuilder().setNumberValue(3).build())
        .containsEntry("sold", PayloadValue.newBuilder().setBoolValue(true).build())
        .containsEntry("file", PayloadValue.newBuilder().setStringValue("at20.png").build());

    SearchByImageResponse without = search.searchByImage(request("priced").build());
    assertThat(names(without.getImagesList())).containsExactly("at10.png", "at20.png");
    assertThat(without.getMatchingCount()).isEqualTo(5);
  }

  @Test
  void takesAFilterAsAMessageToo() throws Exception {
    var unused = create("asked");
    Filter filter =
        Filter.newBuilder()
            .setNot(
                Filter.newBuilder()
                    .setRange(
                        FieldRange.newBuilder()
                            .setField("price")
                            .setAtLeast(PayloadValue.newBuilder().setNumberValue(2))
                            .setLessThan(PayloadValue.newBuilder().setNumberValue(4))))
            .build();
    SearchByIdResponse found =
        search.searchById(
            SearchByIdRequest.newBuilder()
                .setCollection("asked")
                .setId("at10.png")
                .setFilter(filter)
                .build());
    assertThat(names(found.getImagesList())).containsExactly("at0.png", "at30.png", "at40.png");
    assertThat(found.getMatchingCount()).isEqualTo(3);
  }

  @Test
  void updatesAGalleryWhileItIsSearched() throws Exception {
    var unused = create("renewed");
    Files.writeString(
        FakePeers.root.resolve("renewed/attributes.csv"), "file,price\nat40.png,99\n");
    Gallery gallery =
        galleries
            .updateGallery(UpdateGalleryRequest.newBuilder().setName("renewed").build())
            .getGallery();
    assertThat(gallery.getRevision()).isEqualTo(1);
    var unusedToo = awaited(gallery);
    assertThat(
            names(
                search
                    .searchByImage(request("renewed").setFilterExpression("price > 0").build())
                    .getImagesList()))
        .containsExactly("at40.png");
  }

  @Test
  void refusesFiltersThatCannotBeRead() throws Exception {
    var unused = create("refusing");
    assertThat(refusal(request("refusing").setFilterExpression("price <")).getReason())
        .isEqualTo("FILTER_INVALID");
    assertThat(refusal(request("refusing").setFilterExpression("")).getReason())
        .isEqualTo("FILTER_INVALID");
    assertThat(refusal(request("refusing").setFilterExpression("(".repeat(100_000))).getReason())
        .isEqualTo("FILTER_INVALID");
    assertThat(refusal(request("refusing").setFilter(Filter.getDefaultInstance())).getReason())
        .isEqualTo("FILTER_INVALID");
    Filter deep = Filter.newBuilder().setExists("price").build();
    for (int i = 0; i < 16; i++) {
      deep = Filter.newBuilder().setNot(deep).build();
    }
    assertThat(refusal(request("refusing").setFilter(deep)).getReason())
        .isEqualTo("FILTER_INVALID");
    Filter.Builder infinite = Filter.newBuilder();
    infinite
        .getEqualsBuilder()
        .setField("price")
        .setValue(PayloadValue.newBuilder().setNumberValue(Double.NaN));
    assertThat(refusal(request("refusing").setFilter(infinite)).getReason())
        .isEqualTo("FILTER_INVALID");
  }

  @Test
  void saysWhereAFileOfAttributesIsWrong() throws Exception {
    Path folder = images("wrong");
    Files.writeString(folder.resolve("attributes.csv"), "file,price:number\nat0.png,cheap\n");
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                galleries.createGallery(
                    CreateGalleryRequest.newBuilder()
                        .setName("wrong")
                        .setImagesPath(folder.toString())
                        .setEncoder("circle")
                        .build()));
    assertThat(refused.getStatus().getCode().name()).isEqualTo("INVALID_ARGUMENT");
    assertThat(refused.getStatus().getDescription())
        .contains("line 2: column 'price': 'cheap' is no number");
  }
}
