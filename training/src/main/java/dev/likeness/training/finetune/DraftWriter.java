package dev.likeness.training.finetune;

import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.encoders.store.Projection;
import dev.likeness.training.finetune.network.Network;
import dev.likeness.training.finetune.validate.ValidationScore;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trained network as a package that can be published. */
final class DraftWriter {

  private static final String KIND = "trained";

  private final FineTuneTask task;
  private final Clock clock;

  DraftWriter(FineTuneTask task, Clock clock) {
    this.task = task;
    this.clock = clock;
  }

  PackageDraft draft(Network network, int images, ValidationScore before, ValidationScore after) {
    EncoderCard card = task.base().card();
    EncoderDescription description =
        new EncoderDescription(
            task.name(),
            card.architecture(),
            card.preprocess(),
            card.inputTensor(),
            network.output(),
            card.pooling(),
            network.hasProjection() ? projection(network, images) : card.projection(),
            origin(card.origin(), before, after),
            List.of());
    byte[] onnx = GraphEditor.of(network.export()).toBytes();
    return new PackageAssembler(clock)
        .assemble(description, onnx, Map.of(), network.gemPower().orElse(card.gemPower()));
  }

  private @Nullable Projection projection(Network network, int images) {
    return new Projection(
        KIND,
        task.base().version().toString(),
        task.base().fingerprint().value(),
        task.datasetHash(),
        images,
        network.pooledDimension(),
        network.dimension(),
        0);
  }

  private Origin origin(Origin source, ValidationScore before, ValidationScore after) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("validation_score", after.score());
    metrics.put("validation_precision_at_10", after.precisionAt10());
    metrics.put("validation_map_at_10", after.meanAveragePrecision());
    metrics.put("validation_score_before", before.score());
    return new Origin(
        "training",
        true,
        source.source(),
        source.sourceSha256(),
        task.jobId(),
        task.datasetHash(),
        task.spec().seed(),
        metrics);
  }
}
