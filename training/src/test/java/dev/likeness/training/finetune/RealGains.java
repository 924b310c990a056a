package dev.likeness.training.finetune;

import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.image.ImageDecodeException;
import dev.likeness.encoders.image.ImageDecoder;
import dev.likeness.encoders.imports.ImportRequest;
import dev.likeness.encoders.imports.OnnxImport;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.Preprocessor;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Pooling;
import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.evaluation.metrics.MetricReport;
import dev.likeness.evaluation.metrics.RetrievalMetrics;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthRules;
import dev.likeness.training.AcceptanceData;
import dev.likeness.training.finetune.data.LabelledImage;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Fine-tunes on a data set's training part and scores on its test part through ONNX Runtime, as a
 * competition does.
 */
final class RealGains {

  private static final int BATCH = 16;

  private final ModelStore store;
  private final ModelPackage base;
  private final Path work;

  RealGains(String weights, Path work) {
    this.work = work;
    this.store = ModelStore.open(work.resolve("models"));
    EncoderName name = new EncoderName("base");
    this.base =
        store
            .find(name)
            .orElseGet(
                () ->
                    new OnnxImport(store)
                        .run(
                            new ImportRequest(
                                AcceptanceData.require("weights/" + weights + "/model.onnx"),
                                name,
                                PreprocessSpec.imagenet(),
                                null,
                                Pooling.NONE),
                            progress -> {})
                        .model());
  }

  /** Test figures and what training said. */
  record Gain(
      double score, double precisionAt10, FineTuneOutcome.Finished outcome, double seconds) {}

  ModelPackage base() {
    return base;
  }

  static List<LabelledImage> training(Dataset dataset) {
    return dataset.training().stream()
        .map(image -> new LabelledImage(image.path(), Objects.requireNonNull(image.className())))
        .toList();
  }

  Gain measure(String data, FineTuneSpec spec, FineTuneListener listener) throws Exception {
    Dataset dataset = DatasetLayout.read(AcceptanceData.require("data/" + data));
    String job = "job-" + data + "-" + spec.scope().text().replace(':', '-') + "-" + spec.seed();
    Path folder = Files.createTempDirectory(work, job);
    long begun = System.nanoTime();
    FineTuneOutcome outcome =
        FineTuning.run(
            new FineTuneTask(
                base,
                training(dataset),
                dataset.trainingClasses(),
                folder,
                spec,
                new EncoderName("tuned"),
                folder.getFileName().toString(),
                "0".repeat(64)),
            listener,
            StopSignal.NEVER);
    double seconds = (System.nanoTime() - begun) / 1e9;
    FineTuneOutcome.Finished finished = (FineTuneOutcome.Finished) outcome;
    MetricReport report = score(store.publish(finished.draft()), dataset);
    return new Gain(
        Objects.requireNonNull(report.allQueries().score()),
        Objects.requireNonNull(report.allQueries().at10().precision()),
        finished,
        seconds);
  }

  static MetricReport score(ModelPackage model, Dataset dataset) throws Exception {
    Truth truth = TruthRules.find(dataset, null);
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, RuntimeOptions.ofThreads(2))) {
      float[][] query = embed(embedder, dataset.query());
      float[][] gallery = embed(embedder, dataset.gallery());
      Map<String, List<String>> rankings = new LinkedHashMap<>();
      for (int q = 0; q < query.length; q++) {
        float[] asked = query[q];
        rankings.put(
            dataset.query().get(q).name(),
            IntStream.range(0, gallery.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer g) -> -dot(asked, gallery[g])))
                .map(g -> dataset.gallery().get(g).name())
                .toList());
      }
      return RetrievalMetrics.measure(rankings, truth, 10, 1);
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float[][] embed(OnnxImageEmbedder embedder, List<ImageFile> images)
      throws IOException, ImageDecodeException {
    Preprocessor preprocessor = new Preprocessor(embedder.card().preprocess());
    ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
    List<float[]> vectors = new ArrayList<>();
    float[] tensors = new float[BATCH * embedder.tensorLength()];
    for (int from = 0; from < images.size(); from += BATCH) {
      int count = Math.min(BATCH, images.size() - from);
      for (int i = 0; i < count; i++) {
        preprocessor.apply(
            decoder.decode(Files.readAllBytes(images.get(from + i).path())),
            tensors,
            i * embedder.tensorLength());
      }
      vectors.addAll(List.of(embedder.embed(tensors, count)));
    }
    return vectors.toArray(float[][]::new);
  }
}
