package dev.likeness.gateway.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.gateway.peer.Calls;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.FakeEmbedder;
import dev.likeness.gateway.peer.FakeIndex;
import dev.likeness.gateway.peer.FoundImages.FoundImage;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.peer.PeerName;
import dev.likeness.gateway.run.InvalidRequestException;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ImageSearchTest {

  private final FakeEmbedder embedder = new FakeEmbedder(new Calls());
  private final FakeIndex index = new FakeIndex(new Calls());
  private final ImageSearch search =
      new ImageSearch(embedder, index, new SearchPatience(Duration.ZERO));

  @BeforeEach
  void fillCollection() {
    index.createCollection("shoes", 2, "f".repeat(64));
    LinkedHashMap<String, Embedding> vectors = new LinkedHashMap<>();
    vectors.put("east.jpg", Embedding.of(1, 0));
    vectors.put("north.jpg", Embedding.of(0, 1));
    index.upsert("shoes", "f".repeat(64), vectors);
  }

  @Test
  void findsTheEncoderByTheFingerprintOfTheCollection() {
    assertThat(search.byImage("shoes", null, "80".getBytes(UTF_8), 0, null).images())
        .extracting(FoundImage::id)
        .containsExactly("north.jpg", "east.jpg");
  }

  @Test
  void leavesTheImageItselfOut() {
    assertThat(search.byId("shoes", "east.jpg", 5, null).images())
        .extracting(FoundImage::id)
        .containsExactly("north.jpg");
  }

  @Test
  void saysThatTheEncoderOfTheCollectionIsGone() {
    embedder.publish("a".repeat(64));
    embedder.remove("f".repeat(64));
    assertThatThrownBy(() -> search.byImage("shoes", null, "80".getBytes(UTF_8), 1, null))
        .isInstanceOf(SearchException.EncoderGone.class)
        .hasMessageContaining("run the gallery again");
  }

  @Test
  void searchesACollectionWithTheVersionThatFilledIt() {
    embedder.publish("a".repeat(64));
    assertThat(search.byImage("shoes", null, "80".getBytes(UTF_8), 1, null).images())
        .extracting(FoundImage::id)
        .containsExactly("north.jpg");
  }

  @Test
  void staysWithTheCollectionThatItFoundWhenTheAliasIsSwitchedMeanwhile() {
    Calls calls = new Calls();
    FakeEmbedder switching = new FakeEmbedder(calls);
    index.createCollection("shoes2", 2, "a".repeat(64));
    index.setAlias("all", "shoes");
    calls.interfere(
        (_, call) -> {
          if (call.equals("embedOne")) {
            index.setAlias("all", "shoes2");
          }
        });
    assertThat(
            new ImageSearch(switching, index, new SearchPatience(Duration.ZERO))
                .byImage("all", null, "80".getBytes(UTF_8), 1, null)
                .images())
        .extracting(FoundImage::id)
        .containsExactly("north.jpg");
  }

  @Test
  void waitsForAnEmbedderThatRestarts() {
    Calls calls = new Calls();
    FakeEmbedder restarting = new FakeEmbedder(calls);
    calls.interfere(
        (number, _) -> {
          if (number == 1) {
            throw new PeerException.Unavailable(PeerName.EMBEDDER, "away", false, null);
          }
        });
    assertThat(
            new ImageSearch(restarting, index, new SearchPatience(Duration.ofMinutes(1)))
                .byImage("shoes", null, "80".getBytes(UTF_8), 1, null)
                .images())
        .hasSize(1);
  }

  @Test
  void rejectsWhatCannotBeAnswered() {
    assertThatThrownBy(() -> search.byImage("bags", null, "80".getBytes(UTF_8), 1, null))
        .isInstanceOf(SearchException.CollectionNotFound.class);
    assertThatThrownBy(() -> search.byImage("", null, "80".getBytes(UTF_8), 1, null))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> search.byImage("shoes", null, new byte[0], 1, null))
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> search.byImage("shoes", null, "80".getBytes(UTF_8), 1001, null))
        .hasMessageContaining("1000");
  }
}
