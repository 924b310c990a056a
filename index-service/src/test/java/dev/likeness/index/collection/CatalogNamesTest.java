package dev.likeness.index.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.AliasNotFoundException;
import dev.likeness.index.error.CollectionExistsException;
import dev.likeness.index.error.CollectionInUseException;
import dev.likeness.index.error.CollectionNotFoundException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogNamesTest {

  private static final Set<CollectionName> NONE_COMING = Set.of();

  private final CatalogNames<String> names =
      new CatalogNames<>(
          Map.of(name("shoes"), "SHOES", name("hats"), "HATS"),
          Map.of(name("live"), name("shoes"), name("best"), name("shoes")));

  @Test
  void leadToACollectionDirectlyAndByAlias() {
    assertThat(names.get(name("shoes"))).isEqualTo("SHOES");
    assertThat(names.get(name("live"))).isEqualTo("SHOES");
    assertThat(names.find(name("live"))).isEmpty();
    assertThat(names.aliasesOf(name("shoes"))).containsExactly(name("best"), name("live"));
    assertThatThrownBy(() -> names.get(name("socks")))
        .isInstanceOf(CollectionNotFoundException.class)
        .hasMessageContaining("socks");
  }

  @Test
  void changeTogetherOrNotAtAll() {
    CatalogNames<String> next = names.changed(List.of(point("live", "hats")), NONE_COMING);
    assertThat(next.get(name("live"))).isEqualTo("HATS");
    assertThat(names.get(name("live"))).isEqualTo("SHOES");
    assertThatThrownBy(
            () ->
                names.changed(
                    List.of(point("live", "hats"), new AliasChange.Remove(name("old"))),
                    NONE_COMING))
        .isInstanceOf(AliasNotFoundException.class);
  }

  @Test
  void refuseAliasesThatAreOrBecomeCollectionsOrLeadToNone() {
    assertThatThrownBy(() -> names.changed(List.of(point("hats", "shoes")), NONE_COMING))
        .isInstanceOf(CollectionExistsException.class);
    assertThatThrownBy(() -> names.changed(List.of(point("new", "shoes")), Set.of(name("new"))))
        .isInstanceOf(CollectionExistsException.class);
    assertThatThrownBy(() -> names.changed(List.of(point("new", "live")), NONE_COMING))
        .isInstanceOf(CollectionNotFoundException.class);
  }

  @Test
  void areFreeUnlessTheyAreAliasesOrBeingMade() {
    names.requireFree(name("socks"), NONE_COMING);
    assertThatThrownBy(() -> names.requireFree(name("live"), NONE_COMING))
        .isInstanceOf(CollectionExistsException.class)
        .hasMessageContaining("an alias of 'shoes'");
    assertThatThrownBy(() -> names.requireFree(name("socks"), Set.of(name("socks"))))
        .isInstanceOf(CollectionExistsException.class)
        .hasMessageContaining("being made");
  }

  @Test
  void keepCollectionsThatHaveAliases() {
    names.requireWithoutAliases(name("hats"));
    assertThatThrownBy(() -> names.requireWithoutAliases(name("shoes")))
        .isInstanceOf(CollectionInUseException.class);
    assertThat(names.without(name("hats")).find(name("hats"))).isEmpty();
    assertThat(names.with(name("socks"), "SOCKS").get(name("socks"))).isEqualTo("SOCKS");
  }

  private static AliasChange point(String alias, String collection) {
    return new AliasChange.Point(name(alias), name(collection));
  }

  private static CollectionName name(String value) {
    return CollectionName.of("name", value);
  }
}
