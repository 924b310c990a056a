package dev.likeness.training.finetune.spec;

import dev.likeness.training.loss.ArcFace;
import dev.likeness.training.loss.BatchHardTriplet;
import dev.likeness.training.loss.CrossEntropy;
import dev.likeness.training.loss.CrossEntropyWithContrastive;
import dev.likeness.training.loss.Loss;
import dev.likeness.training.loss.StyleInfoNce;
import dev.likeness.training.loss.SupervisedContrastive;
import java.util.Arrays;
import java.util.List;

/** The loss by name, with the constants that its paper or this project's measurements chose. */
public enum Objective {
  CROSS_ENTROPY("ce"),
  SUPERVISED_CONTRASTIVE("supcon"),
  CROSS_ENTROPY_WITH_CONTRASTIVE("ce+supcon"),
  STYLE_INFO_NCE("infonce"),
  BATCH_HARD_TRIPLET("triplet"),
  ARC_FACE("arcface");

  private static final double CONTRASTIVE_WEIGHT = 0.5;
  private static final double TEMPERATURE = 0.1;
  private static final double TRIPLET_MARGIN = 0.3;
  private static final double ARC_SCALE = 30;
  private static final double ARC_MARGIN = 0.3;

  private final String text;

  Objective(String text) {
    this.text = text;
  }

  /** As {@link #parse} reads it. */
  public String text() {
    return text;
  }

  /**
   * @throws IllegalArgumentException if there is no loss of this name
   */
  public static Objective parse(String text) {
    return Arrays.stream(values())
        .filter(objective -> objective.text.equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the loss is one of %s; got '%s'".formatted(names(), text)));
  }

  private static List<String> names() {
    return Arrays.stream(values()).map(Objective::text).toList();
  }

  /**
   * @param labelSmoothing of the cross-entropy, where there is one
   */
  public Loss loss(double labelSmoothing) {
    return switch (this) {
      case CROSS_ENTROPY -> new CrossEntropy(labelSmoothing);
      case SUPERVISED_CONTRASTIVE -> new SupervisedContrastive(TEMPERATURE);
      case CROSS_ENTROPY_WITH_CONTRASTIVE ->
          new CrossEntropyWithContrastive(
              new CrossEntropy(labelSmoothing),
              CONTRASTIVE_WEIGHT,
              new SupervisedContrastive(TEMPERATURE));
      case STYLE_INFO_NCE -> new StyleInfoNce(TEMPERATURE);
      case BATCH_HARD_TRIPLET -> new BatchHardTriplet(TRIPLET_MARGIN);
      case ARC_FACE -> new ArcFace(ARC_SCALE, ARC_MARGIN);
    };
  }

  /** Whether the loss compares images with a learned vector per class. */
  public boolean needsClasses() {
    return switch (this) {
      case CROSS_ENTROPY, CROSS_ENTROPY_WITH_CONTRASTIVE, ARC_FACE -> true;
      case SUPERVISED_CONTRASTIVE, STYLE_INFO_NCE, BATCH_HARD_TRIPLET -> false;
    };
  }
}
