package dev.likeness.index.search;

import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.error.SearchQueueFullException;
import dev.likeness.index.error.VectorNotFoundException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Answers small requests that came while another one was answered together, by one scan: reading
 * the rows costs as much for many queries as for one. Nobody waits for company: a request that
 * finds the index idle begins at once. Each gets the neighbors that it would get alone, to the bit;
 * what a request is told to have cost is what its queries cost in the scan they shared.
 *
 * <p>The thread of a request does the work: it answers its own and those that fit, and hands over
 * to the one that waits longest. Safe for any thread.
 *
 * @see <a href="../../../../../../../docs/adr/0027-searches-share-a-scan.md">ADR 0027</a>
 */
final class JointSearch {

  /** Requests of more queries are scans of their own. */
  static final int MOST_QUERIES = 64;

  /** One panel of a product ({@link CodedQueries}). */
  static final int MOST_TOGETHER = 256;

  private final SearchPool pool;
  private final Function<SearchRequest, SearchResult> engine;
  private final Lock lock = new ReentrantLock();
  private final Deque<Member> waiting = new ArrayDeque<>(); // guarded by lock
  private boolean busy; // guarded by lock

  /** What a request that waited is told. */
  private sealed interface Turn {
    record Answered(SearchResult result) implements Turn {}

    record Failed(RuntimeException reason) implements Turn {}

    /** Search, and take those along who wait. */
    record Lead() implements Turn {}

    /** Search, but others go on already. */
    record Alone() implements Turn {}
  }

  private record Member(SearchRequest request, CompletableFuture<Turn> turn) {
    boolean joins(SearchRequest other) {
      return request.k() == other.k() && request.filter().equals(other.filter());
    }

    boolean isAbandoned() {
      return request.abandoned().getAsBoolean();
    }
  }

  /**
   * @param pool counts those who wait
   * @param engine answers a request, called by several threads
   */
  JointSearch(SearchPool pool, Function<SearchRequest, SearchResult> engine) {
    this.pool = pool;
    this.engine = engine;
  }

  /**
   * @throws VectorNotFoundException if a query starts from an unknown id
   * @throws SearchAbandonedException if nobody waits for this answer any more
   * @throws SearchQueueFullException if too many searches wait
   */
  SearchResult search(SearchRequest request) {
    Member mine = new Member(request, new CompletableFuture<>());
    return switch (enter(mine)) {
      case Turn.Answered(SearchResult result) -> result;
      case Turn.Failed(RuntimeException reason) -> throw reason;
      case Turn.Lead() -> lead(mine);
      case Turn.Alone() -> engine.apply(request);
    };
  }

  private Turn enter(Member mine) {
    lock.lock();
    try {
      if (!busy) {
        busy = true;
        return new Turn.Lead();
      }
      pool.enterQueue();
      waiting.add(mine);
    } finally {
      lock.unlock();
    }
    try {
      return mine.turn.join();
    } finally {
      pool.leaveQueue();
    }
  }

  private SearchResult lead(Member mine) {
    List<Member> others = new ArrayList<>();
    SearchResult all;
    try {
      if (mine.isAbandoned()) {
        throw new SearchAbandonedException(0);
      }
      others.addAll(company(mine));
      all = engine.apply(together(mine, others));
    } catch (VectorNotFoundException e) {
      others.forEach(other -> other.turn.complete(new Turn.Alone()));
      return engine.apply(mine.request); // one of them is to blame, and only that one shall fail
    } catch (RuntimeException e) {
      others.forEach(other -> other.turn.complete(new Turn.Failed(e)));
      throw e;
    } catch (Error e) {
      others.forEach(other -> other.turn.complete(new Turn.Alone()));
      throw e;
    } finally {
      handOver(); // before the others are answered, so that the next scan begins
    }
    return answer(mine, others, all);
  }

  /** Takes those out of the queue that can be answered by the same scan. */
  private List<Member> company(Member mine) {
    List<Member> company = new ArrayList<>();
    int room = Math.min(MOST_TOGETHER, SearchRequest.MAX_NEIGHBORS / mine.request.k());
    room -= mine.request.queries().size();
    lock.lock();
    try {
      for (Iterator<Member> queue = waiting.iterator(); queue.hasNext() && room > 0; ) {
        Member other = queue.next();
        if (other.isAbandoned()) {
          queue.remove();
          other.turn.complete(new Turn.Failed(new SearchAbandonedException(0)));
        } else if (other.joins(mine.request) && other.request.queries().size() <= room) {
          queue.remove();
          company.add(other);
          room -= other.request.queries().size();
        }
      }
    } finally {
      lock.unlock();
    }
    return company;
  }

  private static SearchRequest together(Member mine, List<Member> others) {
    if (others.isEmpty()) {
      return mine.request;
    }
    List<Query> queries = new ArrayList<>(mine.request.queries());
    others.forEach(other -> queries.addAll(other.request.queries()));
    return new SearchRequest(
        queries,
        mine.request.k(),
        mine.request.filter(),
        () -> mine.isAbandoned() && others.stream().allMatch(Member::isAbandoned));
  }

  private SearchResult answer(Member mine, List<Member> others, SearchResult all) {
    int first = mine.request.queries().size();
    for (Member other : others) {
      int count = other.request.queries().size();
      other.turn.complete(new Turn.Answered(part(all, first, count)));
      first += count;
    }
    pool.countShared(others.size());
    return others.isEmpty() ? all : part(all, 0, mine.request.queries().size());
  }

  private static SearchResult part(SearchResult all, int first, int count) {
    return new SearchResult(
        all.answers().subList(first, first + count), all.matchingCount(), all.byGraph());
  }

  /** To the one that waits longest; it leaves the queue and leads. */
  private void handOver() {
    lock.lock();
    try {
      Member next = waiting.poll();
      if (next == null) {
        busy = false;
      } else {
        next.turn.complete(new Turn.Lead());
      }
    } finally {
      lock.unlock();
    }
  }
}
