package dev.likeness.trainer.grpc;

import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.trainer.config.TrainerConfig;
import dev.likeness.trainer.pca.EmbeddingSource;
import dev.likeness.trainer.work.JobContext;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.TrainingFailedException;
import io.grpc.Channel;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Embeds images with the embedder service. A call that breaks off because the embedder is down or
 * overloaded is followed by another one for the images that have no outcome yet, until nothing has
 * come back for as long as the patience lasts.
 *
 * <p>Safe for use by many threads.
 */
@Singleton
public final class EmbedderClient implements EmbeddingSource {

  private static final Logger LOG = Logger.getLogger(EmbedderClient.class);

  private final EmbedderServiceGrpc.EmbedderServiceStub stub;
  private final EmbedderSettings settings;
  private final LongSupplier nanoClock;

  /** Called by the container. */
  @Inject
  public EmbedderClient(@GrpcClient("embedder") Channel channel, TrainerConfig config) {
    this(channel, EmbedderSettings.of(config.embedder()), System::nanoTime);
  }

  /** As above; {@code nanoClock} is as {@link System#nanoTime()}, and its patience is by it. */
  EmbedderClient(Channel channel, EmbedderSettings settings, LongSupplier nanoClock) {
    this.stub = EmbedderServiceGrpc.newStub(channel);
    this.settings = settings;
    this.nanoClock = nanoClock;
  }

  @Override
  public void embed(
      EncoderName encoder, List<ImageFile> images, JobContext context, Outcomes outcomes)
      throws TrainingFailedException, JobInterruptedException {
    PendingImages pending = new PendingImages(images, outcomes);
    long lastProgress = nanoClock.getAsLong();
    int failures = 0;
    while (!pending.isDone()) {
      int before = pending.outcomeCount();
      Status end = new EmbedCall(stub, settings, encoder, pending, context).run();
      if (pending.outcomeCount() > before) {
        lastProgress = nanoClock.getAsLong();
        failures = 0;
      }
      if (pending.isDone()) {
        return;
      }
      if (!isTemporary(end)) {
        throw new TrainingFailedException(
            "the embedder refused: " + description(end), end.asException());
      }
      if (nanoClock.getAsLong() - lastProgress > settings.patience().toNanos()) {
        throw new TrainingFailedException(
            "the embedder gave no answer for %d s (%s); start it and create the job again"
                .formatted(settings.patience().toSeconds(), description(end)));
      }
      failures++;
      LOG.infof("the embedder is tried again: %s", end);
      pending.putBack();
      context.pause(settings.delay(failures));
    }
  }

  /** Whether the same call may succeed later. */
  static boolean isTemporary(Status status) {
    return switch (status.getCode()) {
      case OK, UNAVAILABLE, RESOURCE_EXHAUSTED, ABORTED, CANCELLED, DEADLINE_EXCEEDED -> true;
      default -> false;
    };
  }

  static String description(Status status) {
    String description = status.getDescription();
    return description == null ? status.getCode().name() : description;
  }
}
