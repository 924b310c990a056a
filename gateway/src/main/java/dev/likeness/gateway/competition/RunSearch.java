package dev.likeness.gateway.competition;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.ScoreFusion;
import dev.likeness.gateway.run.StageSeconds;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The third stage of a run: ranks the gallery for every query, as the run wants it. By the
 * neighbors of one encoder or by the joined scores of several, re-ranked or not.
 */
final class RunSearch {

  private final IndexPeer index;
  private final Patience patience;
  private final RunProgress progress;
  private final RunEncoders encoders;
  private final Dataset dataset;
  private final Set<String> galleryLeftOut;

  /**
   * @param galleryLeftOut images that have no vectors
   */
  RunSearch(
      IndexPeer index,
      Patience patience,
      RunProgress progress,
      RunEncoders encoders,
      Dataset dataset,
      Set<String> galleryLeftOut) {
    this.index = index;
    this.patience = patience;
    this.progress = progress;
    this.encoders = encoders;
    this.dataset = dataset;
    this.galleryLeftOut = galleryLeftOut;
  }

  /** Best first, for each query that has vectors. */
  SequencedMap<String, List<RankedName>> answer(int queryBatch) throws InterruptedException {
    long start = System.nanoTime();
    Run run = progress.run();
    Ranking plain = encoders.fusion() == null ? ofOneEncoder(run) : fused(run);
    List<String> queryCollections =
        IntStream.range(0, encoders.count()).mapToObj(run.id()::queryCollection).toList();
    var answers =
        new QueryAnswers(
                new QueryVectors(index, patience, queryCollections),
                reranked(run, plain),
                plain,
                dataset.query(),
                dataset.gallery(),
                galleryLeftOut)
            .answer(run.spec().topK(), queryBatch, progress::advance);
    double seconds = (System.nanoTime() - start) / 1e9;
    progress.spent(new StageSeconds(0, 0, 0, seconds, 0), 0);
    return answers;
  }

  private Ranking ofOneEncoder(Run run) {
    return neighbors(run, 0, dataset.gallery().size() - galleryLeftOut.size());
  }

  private FusedRanking fused(Run run) {
    ScoreFusion fusion = Objects.requireNonNull(encoders.fusion());
    List<FusedRanking.Member> members = new ArrayList<>();
    for (int i = 0; i < encoders.count(); i++) {
      members.add(
          new FusedRanking.Member(
              neighbors(run, i, dataset.gallery().size()),
              encoders.encoders().get(i).dimension(),
              fusion.shares().get(i)));
    }
    return new FusedRanking(members, galleryLeftOut);
  }

  private NeighborRanking neighbors(Run run, int encoder, int gallerySize) {
    return new NeighborRanking(
        index,
        patience,
        run.id().galleryCollection(encoder),
        encoders.encoders().get(encoder).fingerprint(),
        gallerySize);
  }

  private Ranking reranked(Run run, Ranking plain) {
    Rerank rerank = run.spec().rerank();
    return rerank == Rerank.NONE
        ? plain
        : new RerankedNeighbors(
            index, patience, run.id().galleryCollection(), encoders.fingerprint(), rerank);
  }
}
