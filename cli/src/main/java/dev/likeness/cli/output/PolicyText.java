package dev.likeness.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.trainer.v1.TrainingPolicy;
import dev.likeness.trainer.v1.TrainingSpec;

/** Policies as sentences and as JSON. */
public final class PolicyText {

  private PolicyText() {}

  /** A policy and where it stands. */
  public static String sentence(TrainingPolicy policy) {
    TrainingSpec spec = policy.getSpec();
    String last = policy.getLastJobId().isEmpty() ? "" : "; last job " + policy.getLastJobId();
    return "%s → %s from %s: %d of %d changed images, at most every %d s%s"
        .formatted(
            spec.getDatasetPath(),
            spec.getOutputEncoder(),
            spec.getEncoder(),
            policy.getChangedImageCount(),
            policy.getMinNewImages(),
            policy.getCoolDown().getSeconds(),
            last);
  }

  /** A policy, for programs. */
  public static ObjectNode json(TrainingPolicy policy) {
    ObjectNode json = JsonDocument.object();
    json.put("dataset", policy.getSpec().getDatasetPath());
    json.put("base_encoder", policy.getSpec().getEncoder());
    json.put("encoder", policy.getSpec().getOutputEncoder());
    json.put("min_new_images", policy.getMinNewImages());
    json.put("cool_down_seconds", policy.getCoolDown().getSeconds());
    json.put("images", policy.hasImageCount() ? policy.getImageCount() : null);
    json.put("counted_images", policy.getCountedImageCount());
    json.put(
        "changed_images", policy.hasChangedImageCount() ? policy.getChangedImageCount() : null);
    json.put("last_job_id", policy.getLastJobId().isEmpty() ? null : policy.getLastJobId());
    return json;
  }
}
