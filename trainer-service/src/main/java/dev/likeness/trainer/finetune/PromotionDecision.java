package dev.likeness.trainer.finetune;

import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Promotion;
import dev.likeness.trainer.job.PromotionVerdict;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a published version serve its name if it is better, on held-out images, than what serves it
 * now. A job decides once: its repeat finds the promotion in the model store.
 *
 * @see <a href="../../../../../../../../docs/adr/0013-promotion.md">ADR 0013</a>
 */
final class PromotionDecision {

  private final ModelStore models;
  private final Clock clock;

  PromotionDecision(ModelStore models, Clock clock) {
    this.models = models;
    this.clock = clock;
  }

  /**
   * Decides, and promotes.
   *
   * @param base the version that was trained from
   * @param candidate the version of the job, published
   * @param trained what was measured
   */
  PromotionVerdict decide(
      ModelPackage base, ModelPackage candidate, String jobId, Trained trained) {
    Optional<Promotion> earlier =
        models.promotions(candidate.name()).stream()
            .filter(promotion -> jobId.equals(promotion.jobId()))
            .findFirst();
    if (earlier.isPresent()) {
      Promotion promotion = earlier.get();
      return verdict(true, promotion.previous(), promotion.reason(), base, trained);
    }
    ModelPackage serving = models.serving(candidate.name()).orElse(candidate);
    if (serving.version().equals(candidate.version())) {
      return promote(candidate, jobId, "the first version of its name serves", base, trained);
    }
    if (!serving.fingerprint().equals(base.fingerprint())) {
      return verdict(
          false,
          serving.version().version(),
          "%s serves and was not measured, because %s was trained from %s; train from '%s' to compare, or let it serve with './likeness models rollback %s --to %d'"
              .formatted(
                  serving.version(),
                  candidate.version(),
                  base.version(),
                  candidate.name(),
                  candidate.name(),
                  candidate.version().version()),
          base,
          trained);
    }
    String numbers = numbers(trained);
    return trained.difference().mean() > 0
        ? promote(candidate, jobId, "better than what served: " + numbers, base, trained)
        : verdict(
            false,
            serving.version().version(),
            "not better than what serves: " + numbers,
            base,
            trained);
  }

  private PromotionVerdict promote(
      ModelPackage candidate, String jobId, String reason, ModelPackage base, Trained trained) {
    Promotion promotion = models.promote(candidate.version(), reason, jobId, clock.instant());
    return verdict(true, promotion.previous(), promotion.reason(), base, trained);
  }

  private static PromotionVerdict verdict(
      boolean promoted,
      @Nullable Integer previous,
      String reason,
      ModelPackage base,
      Trained trained) {
    return new PromotionVerdict(
        promoted,
        previous,
        reason,
        base.version().toString(),
        trained.before(),
        trained.after(),
        trained.difference());
  }

  private static String numbers(Trained trained) {
    return String.format(
        Locale.ROOT,
        "score %.0f against %.0f of 1000, difference %+.0f (95 %% interval %+.0f to %+.0f, %d queries)",
        trained.after().score(),
        trained.before().score(),
        trained.difference().mean(),
        trained.difference().low(),
        trained.difference().high(),
        trained.after().queries());
  }
}
