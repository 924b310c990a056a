package dev.likeness.gateway.competition;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.submission.SubmissionException;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthException;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunException;
import dev.likeness.gateway.run.RunId;
import dev.likeness.gateway.run.RunResult;
import dev.likeness.gateway.run.RunStage;
import dev.likeness.gateway.run.RunStore;
import dev.likeness.service.PathOutsideRootsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
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
  private final RunCollections collections;
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
    this.collections = new RunCollections(embedder, index, options);
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
    collections.deleteOf(RunStage.GALLERY, progress.run());
    collections.deleteOf(RunStage.QUERIES, progress.run());
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
    int encoderCount = run.spec().encoders().size();
    progress.enter(RunStage.GALLERY, dataset.gallery().size() * encoderCount);
    Patience patience =
        new Patience(
            options.patience(), clock, sleeper, failure -> progress.warn(Warnings.away(failure)));
    RunEncoders encoders = pinned(progress, patience);
    var galleryLeftOut =
        collections.fill(RunStage.GALLERY, dataset.gallery(), encoders, progress, patience);
    requireSomething(dataset, galleryLeftOut);
    progress.enter(RunStage.QUERIES, dataset.query().size() * encoderCount);
    var queriesLeftOut =
        collections.fill(RunStage.QUERIES, dataset.query(), encoders, progress, patience);
    Warnings.of(dataset, truth, run.spec().topK(), galleryLeftOut, queriesLeftOut)
        .forEach(progress::warn);
    progress.enter(RunStage.SEARCH, dataset.query().size());
    var answers =
        new RunSearch(index, patience, progress, encoders, dataset, galleryLeftOut.keySet())
            .answer(options.queryBatch());
    progress.enter(RunStage.REPORT, 1);
    RunResult result =
        new RunOutputs(folder)
            .write(
                new RunOutputs.Findings(dataset, truth, encoders, answers, progress),
                store.directory(id));
    progress.succeed(result);
    collections.deleteOf(RunStage.QUERIES, run);
  }

  /** The encoders of the run; the first answer binds it to these versions. */
  private RunEncoders pinned(RunProgress progress, Patience patience) throws InterruptedException {
    RunEncoders encoders =
        patience.call(() -> RunEncoders.of(progress.run().spec(), embedder::encoder));
    String fingerprint = progress.work().fingerprint();
    if (fingerprint == null) {
      progress.pin(encoders.fingerprint());
    } else if (!fingerprint.equals(encoders.fingerprint())) {
      throw new StartOverException(
          "encoder '%s' changed in the middle of the run".formatted(encoders.name()));
    }
    return encoders;
  }

  private static void requireSomething(Dataset dataset, SortedMap<String, String> leftOut) {
    if (leftOut.size() == dataset.gallery().size()) {
      throw new RunFailedException(
          "none of the %d gallery images could be read; the first, '%s': %s"
              .formatted(
                  dataset.gallery().size(), leftOut.firstKey(), leftOut.get(leftOut.firstKey())));
    }
  }
}
