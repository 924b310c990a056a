package dev.likeness.gateway.peer;

import dev.likeness.gateway.attribute.Attributes;
import java.util.List;

/**
 * The answer to a search.
 *
 * @param images best first
 * @param matchingCount images that the filter allowed, counted exactly; all without a filter
 */
public record FoundImages(List<FoundImage> images, long matchingCount) {

  /** Copies the list. */
  public FoundImages {
    images = List.copyOf(images);
  }

  /**
   * One of them.
   *
   * @param id name of the image
   * @param score similarity, higher is closer
   * @param attributes what is known of it
   */
  public record FoundImage(String id, float score, Attributes attributes) {}
}
