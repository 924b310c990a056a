package dev.likeness.trainer.model;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.ModelVersion;
import dev.likeness.encoders.store.Promotion;
import dev.likeness.trainer.job.EventFormat;
import dev.likeness.trainer.job.ModelNotFoundException;
import dev.likeness.trainer.job.NoEarlierVersionException;
import dev.likeness.trainer.job.Outbox;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The versions of encoders, and the way back to an earlier one. The model store decides what
 * serves; the event that tells of it is sent after that, and whoever misses it asks the store.
 */
public final class ModelHistory {

  private final ModelStore models;
  private final Outbox outbox;
  private final PromotionEvents events;
  private final Clock clock;

  /** The history in a model store; {@code events} tell of changes. */
  public ModelHistory(ModelStore models, Outbox outbox, PromotionEvents events, Clock clock) {
    this.models = models;
    this.outbox = outbox;
    this.events = events;
    this.clock = clock;
  }

  /** The events of a promotion that no job made. */
  @FunctionalInterface
  public interface PromotionEvents {
    /** The events. */
    List<EventFormat.Draft> promoted(ModelPackage model, Promotion promotion);
  }

  /**
   * The versions of an encoder.
   *
   * @param versions newest first
   * @param promotions newest first
   */
  public record Versions(
      List<ModelPackage> versions, ModelPackage serving, List<Promotion> promotions) {

    /** Copies the lists. */
    public Versions {
      versions = List.copyOf(versions);
      promotions = List.copyOf(promotions);
    }
  }

  /**
   * A roll-back.
   *
   * @param model what serves now
   * @param previousVersion what served until now
   */
  public record RollBack(ModelPackage model, int previousVersion) {}

  /**
   * Every version of an encoder.
   *
   * @throws ModelNotFoundException if there is none
   */
  public Versions of(EncoderName encoder) {
    ModelPackage serving =
        models.serving(encoder).orElseThrow(() -> new ModelNotFoundException(encoder.value()));
    List<ModelPackage> versions =
        models.list().stream().filter(model -> model.name().equals(encoder)).toList();
    return new Versions(versions.reversed(), serving, models.promotions(encoder).reversed());
  }

  /**
   * Lets an earlier version serve.
   *
   * @param version null for the one that served before
   * @throws ModelNotFoundException if there is no such encoder or version
   * @throws NoEarlierVersionException if none is named and none served before
   */
  public RollBack rollBack(EncoderName encoder, @Nullable Integer version) {
    ModelPackage serving =
        models.serving(encoder).orElseThrow(() -> new ModelNotFoundException(encoder.value()));
    ModelVersion wanted =
        new ModelVersion(encoder, version == null ? before(encoder, serving) : version);
    ModelPackage model =
        models.find(wanted).orElseThrow(() -> new ModelNotFoundException(wanted.toString()));
    if (!wanted.equals(serving.version())) {
      Promotion promotion =
          models.promote(
              wanted, "rolled back from %s".formatted(serving.version()), null, clock.instant());
      outbox.send(events.promoted(model, promotion));
    }
    return new RollBack(model, serving.version().version());
  }

  private int before(EncoderName encoder, ModelPackage serving) {
    List<Promotion> promotions = models.promotions(encoder);
    if (promotions.isEmpty()) {
      return newestBelow(encoder, serving.version().version());
    }
    Optional<Integer> previous =
        promotions.reversed().stream()
            .filter(promotion -> promotion.version() == serving.version().version())
            .map(Promotion::previous)
            .filter(java.util.Objects::nonNull)
            .findFirst();
    return previous.orElseThrow(() -> new NoEarlierVersionException(encoder.value()));
  }

  /** As long as nothing was promoted, each version served from its publication to the next. */
  private int newestBelow(EncoderName encoder, int version) {
    return models.list().stream()
        .filter(model -> model.name().equals(encoder))
        .map(model -> model.version().version())
        .filter(earlier -> earlier < version)
        .max(Integer::compare)
        .orElseThrow(() -> new NoEarlierVersionException(encoder.value()));
  }
}
