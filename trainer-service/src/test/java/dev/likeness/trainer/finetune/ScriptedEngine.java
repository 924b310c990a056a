package dev.likeness.trainer.finetune;

import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.encoders.store.Sha256;
import dev.likeness.encoders.store.WeightFiles;
import dev.likeness.training.finetune.EpochReport;
import dev.likeness.training.finetune.FineTuneListener;
import dev.likeness.training.finetune.FineTuneOutcome;
import dev.likeness.training.finetune.FineTuneTask;
import dev.likeness.training.finetune.StopSignal;
import dev.likeness.training.finetune.validate.ScoreDifference;
import dev.likeness.training.finetune.validate.ValidationScore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An engine whose training is a file with a number: it goes through its epochs, writes each down,
 * goes on from there, and gives the base encoder with the job's id in its ONNX file.
 */
public final class ScriptedEngine implements FineTuneEngine {

  /** What happens before each epoch. */
  @FunctionalInterface
  public interface Script {
    void beforeEpoch(int epoch, FineTuneTask task);
  }

  private static final int STEPS = 4;

  private final AtomicInteger atWork = new AtomicInteger();
  private final AtomicInteger mostAtWork = new AtomicInteger();
  private volatile Script script = (epoch, task) -> {};
  private volatile double gain = 50;
  private volatile FineTuneOutcome.StopReason reason = FineTuneOutcome.StopReason.COMPLETED;

  /** Scripts the epochs. */
  public void script(Script wanted) {
    script = wanted;
  }

  /** How much better the score gets. */
  public void gain(double points) {
    gain = points;
  }

  /** Why it ends. */
  public void reason(FineTuneOutcome.StopReason wanted) {
    reason = wanted;
  }

  /** Most trainings that ran at once. */
  public int mostAtWork() {
    return mostAtWork.get();
  }

  @Override
  public FineTuneOutcome run(FineTuneTask task, FineTuneListener listener, StopSignal stop) {
    mostAtWork.accumulateAndGet(atWork.incrementAndGet(), Math::max);
    try {
      return train(task, listener, stop);
    } finally {
      atWork.decrementAndGet();
    }
  }

  private FineTuneOutcome train(FineTuneTask task, FineTuneListener listener, StopSignal stop) {
    int epochs = task.spec().epochs();
    Path checkpoint = task.workFolder().resolve("epochs");
    int done = read(checkpoint);
    listener.onStart(
        new FineTuneListener.Start(
            task.images().size(),
            4,
            task.classes().size(),
            10,
            100,
            STEPS,
            epochs,
            done,
            List.of("scripted")));
    List<EpochReport> history = new ArrayList<>();
    for (int epoch = 1; epoch <= done; epoch++) {
      history.add(report(epoch));
    }
    for (int epoch = done + 1; epoch <= epochs; epoch++) {
      script.beforeEpoch(epoch, task);
      if (stop.requested()) {
        return new FineTuneOutcome.Stopped(epoch, 0);
      }
      listener.onStep(new FineTuneListener.Step(epoch, STEPS, STEPS, 1.0 / epoch, 1e-3));
      write(checkpoint, epoch);
      listener.onCheckpoint(new FineTuneListener.Checkpoint(epoch + 1, 0));
      history.add(report(epoch));
      listener.onEpoch(report(epoch));
    }
    return new FineTuneOutcome.Finished(
        draft(task),
        score(500),
        score(500 + gain),
        new ScoreDifference(gain, gain - 20, gain + 20),
        reason,
        epochs,
        0.25,
        history,
        List.of("scripted to the end"));
  }

  private static EpochReport report(int epoch) {
    return new EpochReport(
        epoch, "head", 1.0 / epoch, 1e-3, score(500 + epoch), true, 10.0, 1.0 * epoch);
  }

  private static ValidationScore score(double score) {
    return new ValidationScore(score, 0.5, 0.6, 0.7, 0.4, 0.45, 20, 30);
  }

  private static int read(Path checkpoint) {
    try {
      return Files.exists(checkpoint) ? Integer.parseInt(Files.readString(checkpoint)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path checkpoint, int epoch) {
    try {
      Files.writeString(checkpoint, String.valueOf(epoch));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PackageDraft draft(FineTuneTask task) {
    EncoderCard base = task.base().card();
    byte[] onnx = withDocumentation(task);
    EncoderCard card =
        new EncoderCard(
            base.formatVersion(),
            task.name().value(),
            base.architecture(),
            base.preprocess(),
            base.inputTensor(),
            base.outputTensor(),
            base.pooling(),
            base.gemPower(),
            base.projection(),
            base.dimension(),
            base.normalization(),
            base.batching(),
            new WeightFiles(Sha256.of(onnx), Map.of()),
            Origin.ofJob("training", task.jobId(), task.datasetHash(), task.spec().seed()),
            base.golden(),
            base.createdAt(),
            List.of(),
            base.ensemble());
    return new PackageDraft(card, onnx, Map.of());
  }

  /** The network with another doc_string (field 6): other bytes, the same vectors. */
  private static byte[] withDocumentation(FineTuneTask task) {
    try {
      byte[] network = Files.readAllBytes(task.base().onnxPath());
      byte[] text = task.jobId().getBytes(StandardCharsets.US_ASCII);
      byte[] longer = java.util.Arrays.copyOf(network, network.length + 2 + text.length);
      longer[network.length] = (6 << 3) | 2;
      longer[network.length + 1] = (byte) text.length;
      System.arraycopy(text, 0, longer, network.length + 2, text.length);
      return longer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
