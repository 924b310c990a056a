package dev.likeness.gateway.competition;

import dev.likeness.gateway.run.Run;
import dev.likeness.service.PageRequest;
import dev.likeness.service.PageRequest.Page;
import java.util.List;

/** Pages of runs, newest first; the token holds the id of the last run of the page. */
final class NewestFirst {

  private NewestFirst() {}

  /**
   * Cuts the page out.
   *
   * @param newestFirst all runs, descending by id
   */
  static Page<Run> page(PageRequest request, List<Run> newestFirst) {
    String after = request.afterKey();
    List<Run> rest =
        after == null
            ? newestFirst
            : newestFirst.stream().filter(run -> run.id().value().compareTo(after) < 0).toList();
    if (rest.size() <= request.size()) {
      return new Page<>(rest, "");
    }
    List<Run> items = rest.subList(0, request.size());
    return new Page<>(items, PageRequest.tokenAfter(items.getLast().id().value()));
  }
}
