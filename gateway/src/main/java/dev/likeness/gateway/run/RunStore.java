package dev.likeness.gateway.run;

import dev.likeness.evaluation.file.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The runs, one directory each with its {@code run.json}, which is replaced as a whole: a temporary
 * file is synced, renamed, and the directory synced. After a crash each run is as it was saved
 * last.
 *
 * <p>Safe for use by many threads; one worker at a time changes a given run.
 */
public final class RunStore {

  private static final String FILE = "run.json";

  private final Path directory;
  private final Clock clock;
  private final RandomGenerator random;
  private final ConcurrentSkipListMap<RunId, Run> runs = new ConcurrentSkipListMap<>();
  private final Map<String, RunId> requests = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final CopyOnWriteArrayList<Consumer<Run>> listeners = new CopyOnWriteArrayList<>();
  private final Object creation = new Object();
  private Instant lastTime = Instant.MIN;

  private RunStore(Path directory, Clock clock, RandomGenerator random) {
    this.directory = directory;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Opens the store and reads all runs. A directory that cannot be read is left alone and reported.
   *
   * @throws RunStorageException if the store's own directory cannot be made or listed
   * @see #problems()
   */
  public static RunStore open(Path directory, Clock clock, RandomGenerator random) {
    RunStore store = new RunStore(directory, clock, random);
    try {
      Files.createDirectories(directory);
      try (Stream<Path> entries = Files.list(directory)) {
        entries.sorted().forEach(store::read);
      }
    } catch (IOException e) {
      throw new RunStorageException(directory, e);
    }
    return store;
  }

  private void read(Path entry) {
    String name = entry.getFileName().toString();
    if (name.startsWith(".")) {
      return;
    }
    if (!RunId.isId(name) || !Files.isDirectory(entry)) {
      problems.add("'%s' is no run and is left alone".formatted(entry));
      return;
    }
    try {
      Run run = RunDocument.read(Files.readAllBytes(entry.resolve(FILE)));
      if (!run.id().value().equals(name)) {
        throw new IOException("it belongs to run '%s'".formatted(run.id()));
      }
      remember(run);
    } catch (IOException e) {
      problems.add(
          "run '%s' cannot be read and is left out; its directory '%s' is left alone (%s)"
              .formatted(name, entry, firstLine(e)));
    }
  }

  private static String firstLine(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "it has no " + FILE
        : String.valueOf(e.getMessage()).lines().findFirst().orElse("no details");
  }

  private void remember(Run run) {
    runs.put(run.id(), run);
    if (run.requestId() != null) {
      requests.put(run.requestId(), run.id());
    }
  }

  /** What was wrong in the directory when the store was opened, one sentence each. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /**
   * Creates a run and answers when it is on disk; the same request_id answers the same run again.
   *
   * @param requestId the caller's id of this request, null for none
   * @throws InvalidRequestException if the request_id was used with another spec
   * @throws RunStorageException if it cannot be written
   */
  public Run create(RunSpec spec, @Nullable String requestId) {
    synchronized (creation) {
      Optional<Run> earlier = findRequest(requestId);
      if (earlier.isPresent()) {
        return requireSameSpec(earlier.get(), spec);
      }
      Run run = Run.queued(nextId(), requestId, spec, clock.instant());
      write(run);
      remember(run);
      notifyListeners(run);
      return run;
    }
  }

  /** The run that a request created. */
  public Optional<Run> findRequest(@Nullable String requestId) {
    synchronized (creation) {
      return Optional.ofNullable(requestId).map(requests::get).map(runs::get);
    }
  }

  private static Run requireSameSpec(Run earlier, RunSpec spec) {
    if (!earlier.spec().equals(spec)) {
      throw new InvalidRequestException(
          "request_id",
          "request_id '%s' was used for run '%s', which has another spec; give each request its own"
              .formatted(earlier.requestId(), earlier.id()));
    }
    return earlier;
  }

  /** Later than every id before, also when the clock stands still or is set back. */
  private RunId nextId() {
    Instant now = Instant.ofEpochMilli(clock.millis());
    lastTime = now.isAfter(lastTime) ? now : lastTime.plusMillis(1);
    RunId id = RunId.at(lastTime, random);
    if (!runs.isEmpty() && id.compareTo(runs.lastKey()) <= 0 && runs.containsKey(id)) {
      return nextId();
    }
    return id;
  }

  /** The run of an id. */
  public Optional<Run> find(RunId id) {
    return Optional.ofNullable(runs.get(id));
  }

  /**
   * The run of an id as a client gave it.
   *
   * @throws RunNotFoundException if there is none
   */
  public Run require(String id) {
    return Optional.of(id)
        .filter(RunId::isId)
        .flatMap(text -> find(new RunId(text)))
        .orElseThrow(() -> new RunNotFoundException(id));
  }

  /** All runs, oldest first. */
  public List<Run> all() {
    return List.copyOf(runs.values());
  }

  /** The run's own directory. */
  public Path directory(RunId id) {
    return directory.resolve(id.value());
  }

  /** The directory of all runs. */
  public Path directory() {
    return directory;
  }

  /**
   * Replaces a run, on disk first.
   *
   * @throws RunStorageException if it cannot be written; the run is then as before
   */
  public void save(Run run) {
    write(run);
    show(run);
  }

  /** Replaces a run in memory only: progress that need not survive. */
  public void show(Run run) {
    runs.put(run.id(), run);
    notifyListeners(run);
  }

  private void write(Run run) {
    Path folder = directory(run.id());
    try {
      boolean isNew = !Files.isDirectory(folder);
      AtomicFile.write(folder.resolve(FILE), RunDocument.write(run));
      sync(folder);
      if (isNew) {
        sync(directory);
      }
    } catch (IOException e) {
      throw new RunStorageException(folder, e);
    }
  }

  /** Makes a rename durable. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Calls the listener with each run that changes, from the thread that changes it; it must return
   * quickly.
   *
   * @return ends the subscription
   */
  public Runnable listen(Consumer<Run> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private void notifyListeners(Run run) {
    listeners.forEach(listener -> listener.accept(run));
  }
}
