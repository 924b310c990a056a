package dev.likeness.gateway.competition;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.evaluation.submission.SubmissionException;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthException;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunException;
import dev.likeness.gateway.run.RunId;
import dev.likeness.gateway.run.RunResult;
import dev.likeness.gateway.run.RunStage;
import dev.likeness.gateway.run.RunStore;
import dev.likeness.gateway.run.StageSeconds;
import dev.likeness.service.PathOutsideRootsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;

/**
 * Takes a run from its data set to its submission: gallery, queries, search, report. Everything
 * that is worth keeping lies in the index, so the stages are simply walked through again after an
 * interruption and each does only what is left.
 *
 * <p>The submission depends on the images, the encoder and the way of ranking alone, not on
 * interruptions; {@link NeighborRanking} says why. Blocking; safe for several runs at a time.
 */
public final class RunPipeline {

  private static final Logger LOG = System.getLogger(RunPipeline.class.getName());

  /** An encoder that changes more often than this during one run is not a base for a score. */
  private static final int MAX_STARTS_OVER = 5;

  private final RunStore store;
  private final EmbedderPeer embedder;
  private final IndexPeer index;
  private final DatasetFolder folder;
  private final PipelineOptions options;
  private final Clock clock;
  private final Sleeper sleeper;

  /** Called by the producer. */
  public RunPipeline(
      RunStore store,
      EmbedderPeer embedder,
      IndexPeer index,
      DatasetFolder folder,
      PipelineOptions options,
      Clock clock,
      Sleeper sleeper) {
    this.store = store;
    this.embedder = embedder;
    this.index = index;
    this.folder = folder;
    this.options = options;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * Runs a run to its end, from wherever it is; a run that has ended is left alone.
   *
   * @throws InterruptedException if the thread is interrupted; the run goes on with the next call
   */
  public void run(RunId id) throws InterruptedException {
    Run run = store.require(id.value());
    if (run.state().isFinal()) {
      return;
    }
    RunProgress progress = new RunProgress(store, run, clock);
    try {
      attempts(progress);
    } catch (RunFailedException
        | PeerException
        | DatasetException
        | TruthException
        | SubmissionException
        | RunException
        | PathOutsideRootsException e) {
      fail(progress, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "run " + id + " failed unexpectedly", e);
      fail(progress, "an unexpected failure; the gateway's log has the details under run " + id);
    }
  }

  private void fail(RunProgress progress, String reason) throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException("the gateway stops");
    }
    progress.fail(reason);
    deleteQuietly(progress.run().id().galleryCollection());
    deleteQuietly(progress.run().id().queryCollection());
  }

  private void attempts(RunProgress progress)
      throws InterruptedException, PathOutsideRootsException {
    while (true) {
      try {
        attempt(progress);
        return;
      } catch (StartOverException e) {
        startOver(progress, String.valueOf(e.getMessage()));
      } catch (PeerException.Refused e) {
        if (!e.reason().equals("COLLECTION_NOT_FOUND")) {
          throw e;
        }
        startOver(progress, "a collection of the run was deleted");
      }
    }
  }

  private static void startOver(RunProgress progress, String why) {
    if (progress.work().startedOver() >= MAX_STARTS_OVER) {
      throw new RunFailedException(
          why
              + ", for the %dth time; wait until no encoder is being published and create the run again"
                  .formatted(MAX_STARTS_OVER + 1));
    }
    progress.startOver(why);
  }

  private void attempt(RunProgress progress)
      throws InterruptedException, PathOutsideRootsException {
    Run run = progress.run();
    RunId id = run.id();
    Dataset dataset = folder.dataset(run.spec());
    Truth truth = folder.truth(run.spec(), dataset);
    progress.enter(RunStage.GALLERY, dataset.gallery().size());
    Patience patience =
        new Patience(
            options.patience(), clock, sleeper, failure -> progress.warn(Warnings.away(failure)));
    Encoder encoder = pinned(progress, patience);
    var galleryLeftOut =
        fill(
            RunStage.GALLERY,
            id.galleryCollection(),
            dataset.gallery(),
            encoder,
            progress,
            patience);
    requireSomething(dataset, galleryLeftOut);
    progress.enter(RunStage.QUERIES, dataset.query().size());
    var queriesLeftOut =
        fill(RunStage.QUERIES, id.queryCollection(), dataset.query(), encoder, progress, patience);
    Warnings.of(dataset, truth, run.spec().topK(), galleryLeftOut, queriesLeftOut)
        .forEach(progress::warn);
    var answers = search(dataset, encoder, galleryLeftOut, progress, patience);
    progress.enter(RunStage.REPORT, 1);
    RunResult result =
        new RunOutputs(folder)
            .write(
                new RunOutputs.Findings(dataset, truth, encoder, answers, progress),
                store.directory(id));
    progress.succeed(result);
    deleteQuietly(id.queryCollection());
  }

  /** The encoder of the run; the first answer binds it to that version. */
  private Encoder pinned(RunProgress progress, Patience patience) throws InterruptedException {
    Encoder encoder = patience.call(() -> embedder.encoder(progress.run().spec().encoder()));
    String fingerprint = progress.work().fingerprint();
    if (fingerprint == null) {
      progress.pin(encoder.fingerprint());
    } else if (!fingerprint.equals(encoder.fingerprint())) {
      throw new StartOverException(
          "encoder '%s' changed in the middle of the run".formatted(encoder.name()));
    }
    return encoder;
  }

  private SortedMap<String, String> fill(
      RunStage stage,
      String collection,
      List<ImageFile> images,
      Encoder encoder,
      RunProgress progress,
      Patience patience)
      throws InterruptedException {
    patience.run(() -> prepare(collection, encoder));
    var known =
        stage == RunStage.GALLERY
            ? progress.work().galleryLeftOut()
            : progress.work().queriesLeftOut();
    return new CollectionFill(
            embedder, index, options, progress, stage, encoder, collection, images, known)
        .fill(patience);
  }

  /** The collection exists and holds vectors of this encoder version only. */
  private void prepare(String name, Encoder encoder) {
    Optional<IndexPeer.Collection> found = index.collection(name);
    if (found.isPresent() && !found.get().fingerprint().equals(encoder.fingerprint())) {
      index.deleteCollection(name);
      found = Optional.empty();
    }
    if (found.isEmpty()) {
      index.createCollection(name, encoder.dimension(), encoder.fingerprint());
    }
  }

  private static void requireSomething(Dataset dataset, SortedMap<String, String> leftOut) {
    if (leftOut.size() == dataset.gallery().size()) {
      throw new RunFailedException(
          "none of the %d gallery images could be read; the first, '%s': %s"
              .formatted(
                  dataset.gallery().size(), leftOut.firstKey(), leftOut.get(leftOut.firstKey())));
    }
  }

  private SequencedMap<String, List<RankedName>> search(
      Dataset dataset,
      Encoder encoder,
      SortedMap<String, String> galleryLeftOut,
      RunProgress progress,
      Patience patience)
      throws InterruptedException {
    progress.enter(RunStage.SEARCH, dataset.query().size());
    long start = System.nanoTime();
    RunId id = progress.run().id();
    Ranking plain =
        new NeighborRanking(
            index,
            patience,
            id.galleryCollection(),
            encoder.fingerprint(),
            dataset.gallery().size() - galleryLeftOut.size());
    Rerank rerank = progress.run().spec().rerank();
    Ranking ranking =
        rerank == Rerank.NONE
            ? plain
            : new RerankedNeighbors(
                index, patience, id.galleryCollection(), encoder.fingerprint(), rerank);
    var answers =
        new QueryAnswers(
                index,
                patience,
                ranking,
                plain,
                id.queryCollection(),
                dataset.query(),
                dataset.gallery(),
                galleryLeftOut.keySet())
            .answer(progress.run().spec().topK(), options.queryBatch(), progress::advance);
    double seconds = (System.nanoTime() - start) / 1e9;
    progress.spent(new StageSeconds(0, 0, 0, seconds, 0), 0);
    return answers;
  }

  private void deleteQuietly(String collection) {
    try {
      index.deleteCollection(collection);
    } catch (PeerException e) {
      LOG.log(Level.WARNING, "collection {0} was not deleted: {1}", collection, e.getMessage());
    }
  }
}
