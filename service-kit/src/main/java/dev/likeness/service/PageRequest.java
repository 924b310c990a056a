package dev.likeness.service;

import io.grpc.Status.Code;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page of a sorted list, as <a href="https://google.aip.dev/158">AIP-158</a> asks for it. The
 * token holds the key of the last item, so items that come and go between two pages neither repeat
 * nor hide others.
 *
 * @param size items wanted, positive
 * @param afterKey key of the last item of the page before; null for the first page
 */
public record PageRequest(int size, @Nullable String afterKey) {

  /**
   * Reads the two fields of a list request.
   *
   * @param pageSize 0 for the default; larger than maximum is taken as maximum
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the size is negative or the token
   *     not one of ours
   */
  public static PageRequest of(int pageSize, String pageToken, int defaultSize, int maximum) {
    if (pageSize < 0) {
      throw ServiceFailure.invalidField(
              "page_size", "page_size must be 0 (default) or positive, not " + pageSize)
          .toException();
    }
    int size = pageSize == 0 ? defaultSize : Math.min(pageSize, maximum);
    return new PageRequest(size, pageToken.isEmpty() ? null : decode(pageToken));
  }

  private static String decode(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ServiceFailure.ofField(
              Code.INVALID_ARGUMENT,
              "INVALID_ARGUMENT",
              "page_token",
              "page_token is not one that this service gave; leave it empty to start over")
          .toException();
    }
  }

  /** The token of the page that starts after a key. */
  public static String tokenAfter(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Cuts the page out of a list.
   *
   * @param sorted all items, ascending by key in the natural order of strings
   */
  public <T> Page<T> cut(List<T> sorted, Function<T, String> key) {
    String after = afterKey;
    List<T> rest =
        after == null
            ? sorted
            : sorted.stream().filter(item -> key.apply(item).compareTo(after) > 0).toList();
    if (rest.size() <= size) {
      return new Page<>(rest, "");
    }
    List<T> items = rest.subList(0, size);
    return new Page<>(items, tokenAfter(key.apply(items.getLast())));
  }

  /**
   * A page.
   *
   * @param items the items
   * @param nextPageToken empty on the last page
   */
  public record Page<T>(List<T> items, String nextPageToken) {

    /** Copies the items. */
    public Page {
      items = List.copyOf(items);
    }
  }
}
