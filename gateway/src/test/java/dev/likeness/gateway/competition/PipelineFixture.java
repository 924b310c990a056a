package dev.likeness.gateway.competition;

import dev.likeness.gateway.peer.Calls;
import dev.likeness.gateway.peer.FakeEmbedder;
import dev.likeness.gateway.peer.FakeIndex;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.peer.PeerName;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunSpec;
import dev.likeness.gateway.run.RunState;
import dev.likeness.gateway.run.RunStore;
import dev.likeness.gateway.run.ScoreFusion;
import dev.likeness.service.FileRoots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A pipeline with fake peers and a clock that only sleeping moves. */
final class PipelineFixture {

  /** A gateway that dies: nothing may catch it. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  final Calls calls = new Calls();
  final FakeEmbedder embedder = new FakeEmbedder(calls);
  final FakeIndex index = new FakeIndex(calls);
  private final Path home;
  private final Path data;
  private final TestClock clock = new TestClock();
  RunStore store;

  PipelineFixture(Path home, Path data) {
    this.home = home;
    this.data = data;
    this.store = openStore();
  }

  private RunStore openStore() {
    return RunStore.open(home, clock, new Random(1));
  }

  Run create(int topK) {
    return create(topK, Rerank.NONE);
  }

  Run create(int topK, Rerank rerank) {
    return store.create(new RunSpec(data.toString(), "circle", topK, null, null, rerank), null);
  }

  /** By the encoders "circle" and "mirror", whose scores are joined. */
  Run createFused(int topK, double... shares) {
    return store.create(
        new RunSpec(
            data.toString(),
            "circle,mirror",
            topK,
            null,
            null,
            Rerank.NONE,
            new ScoreFusion(Arrays.stream(shares).boxed().toList())),
        null);
  }

  Run run(Run run) throws InterruptedException {
    pipeline().run(run.id());
    return store.require(run.id().value());
  }

  /** The gateway starts again and takes up the run. */
  Run restart(Run run) throws InterruptedException {
    store = openStore();
    return run(run);
  }

  RunPipeline pipeline() {
    return new RunPipeline(
        store,
        embedder,
        index,
        new DatasetFolder(new FileRoots(List.of(data), null)),
        new PipelineOptions(Duration.ofMinutes(5), 3, 2, 1 << 20),
        clock,
        clock::advance);
  }

  static PeerException.Unavailable away(PeerName peer) {
    return new PeerException.Unavailable(
        peer, "the " + peer.text() + " cannot be reached; is it running?", false, null);
  }

  static byte[] submission(Run run) throws Exception {
    RunState.Succeeded succeeded = (RunState.Succeeded) run.state();
    return Files.readAllBytes(Path.of(succeeded.result().submissionPath()));
  }

  /** Time passes when somebody sleeps. */
  static final class TestClock extends Clock {
    private Instant now = Instant.parse("2026-01-31T09:45:02Z");

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
