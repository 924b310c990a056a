package dev.likeness.index.collection;

import dev.likeness.index.graph.BuildStoppedException;
import dev.likeness.index.graph.Graph;
import dev.likeness.index.graph.GraphBuilder;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.search.HeldCodes;
import dev.likeness.index.search.SealableIndex;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.storage.GraphFile;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.storage.Segment;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sees to it that the segments of a collection have graphs where they are wanted: reads them from
 * their files, and builds what is missing or damaged. Until a segment has its graph it is searched
 * exactly. Nothing here keeps writes or sealing waiting.
 */
final class GraphUpkeep {

  private static final Logger LOG = System.getLogger(GraphUpkeep.class.getName());

  private final CollectionName name;
  private final Path directory;
  private final FileOperations files;
  private final SealableIndex index;
  private final VectorKernel kernel;
  private final GraphSettings settings;
  private final ReentrantLock work = new ReentrantLock();
  private final AtomicBoolean queued = new AtomicBoolean();
  private volatile EngineChoice choice;
  private volatile boolean stopped;

  GraphUpkeep(
      CollectionName name,
      Path directory,
      SealableIndex index,
      IndexResources resources,
      EngineChoice choice) {
    this.name = name;
    this.directory = directory;
    this.files = resources.files();
    this.index = index;
    this.kernel = resources.kernel();
    this.settings = resources.graphs();
    this.choice = choice;
  }

  EngineChoice choice() {
    return choice;
  }

  /**
   * Searches follow it at once where there are graphs; missing ones are built.
   *
   * @throws IOException if it cannot be stored; nothing has changed then
   */
  void choose(EngineChoice next) throws IOException {
    next.write(directory, files);
    choice = next;
    use();
    wake();
  }

  /** To be called when segments may have come. */
  void wake() {
    if (choice.engine() != Engine.EXACT && !stopped && queued.compareAndSet(false, true)) {
      settings.threads().queue(this::provide);
    }
  }

  /** Returns when nothing is under way; afterwards nothing is built until it is resumed. */
  @SuppressWarnings("LockNotBeforeTry") // nothing is done while it is held
  void stop() {
    stopped = true;
    work.lock();
    work.unlock();
  }

  void resume() {
    stopped = false;
    wake();
  }

  private boolean wanted() {
    return switch (choice.engine()) {
      case EXACT -> false;
      case GRAPH -> true;
      case AUTO -> index.size() >= settings.autoRows();
    };
  }

  private void use() {
    index.useGraphs(wanted() ? OptionalDouble.of(choice.targetRecall()) : OptionalDouble.empty());
  }

  private void provide() {
    work.lock();
    try {
      queued.set(false);
      use();
      Optional<Segment> next = stopped ? Optional.empty() : nextWithout();
      while (next.isPresent() && provide(next.get())) {
        next = nextWithout();
      }
    } catch (BuildStoppedException e) {
      LOG.log(Level.DEBUG, "collection ''{0}'': {1}", name, e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "collection ''{0}'' is searched exactly for now, its graph could not be made: {1}",
          name,
          e.getMessage());
    } finally {
      work.unlock();
    }
  }

  /** The largest segment that should have a graph and has none. */
  private Optional<Segment> nextWithout() {
    if (!wanted()) {
      return Optional.empty();
    }
    return index.sealed().stream()
        .map(SealableIndex.SealedState::rows)
        .filter(rows -> rows.count() >= settings.minSegmentRows() && !index.hasGraph(rows))
        .max(Comparator.comparingInt(rows -> rows.count()))
        .map(Segment.class::cast);
  }

  /** False if it cannot be done now: the segment has no codes, or is gone. */
  private boolean provide(Segment segment) throws IOException {
    Optional<HeldCodes> held = index.holdCodes(segment);
    if (held.isEmpty()) {
      return false;
    }
    GraphFile file;
    try (HeldCodes codes = held.get()) {
      Optional<GraphFile> present = open(segment);
      file = present.isPresent() ? present.get() : build(segment, codes);
    }
    if (!index.attach(segment, file)) {
      file.close(); // merged meanwhile
    }
    return true;
  }

  private Optional<GraphFile> open(Segment segment) throws IOException {
    try {
      return Optional.of(GraphFile.open(directory, segment));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (LogDamagedException e) {
      LOG.log(Level.WARNING, "collection ''{0}'': {1}; it is made again", name, e.getMessage());
      return Optional.empty();
    }
  }

  private GraphFile build(Segment segment, HeldCodes codes) throws IOException {
    long started = System.nanoTime();
    try (Arena arena = Arena.ofShared()) {
      Graph graph =
          GraphBuilder.build(
              codes.rows(),
              settings.parameters(),
              kernel,
              settings.threads(),
              arena,
              () -> stopped || !wanted() || isGone(segment));
      GraphFile.write(directory, files, segment, graph);
    }
    LOG.log(
        Level.INFO,
        "collection ''{0}'': graph over {1} vectors built in {2} s",
        name,
        segment.count(),
        (System.nanoTime() - started) / 1_000_000_000);
    return GraphFile.open(directory, segment);
  }

  private boolean isGone(Segment segment) {
    return index.sealed().stream().noneMatch(state -> state.rows() == segment);
  }
}
