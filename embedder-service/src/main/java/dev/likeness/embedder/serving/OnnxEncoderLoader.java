package dev.likeness.embedder.serving;

import dev.likeness.embedder.batching.BatchingLimits;
import dev.likeness.embedder.batching.BatchingObserver;
import dev.likeness.embedder.batching.BatchingThreads;
import dev.likeness.embedder.batching.DynamicBatcher;
import dev.likeness.embedder.batching.ImagePreparer;
import dev.likeness.embedder.failure.ModelInvalidException;
import dev.likeness.encoders.execution.ServingGraph;
import dev.likeness.encoders.preprocess.InputPreparation;
import dev.likeness.encoders.runtime.ModelVerifier;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.VerifyReport;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ImageTensor;
import dev.likeness.encoders.store.ModelPackage;
import java.util.function.Function;

/** Loads packages into ONNX Runtime. */
public final class OnnxEncoderLoader implements EncoderLoader {

  private final HeapBoundedDecoder decoder;
  private final RuntimeOptions runtime;
  private final BatchingLimits limits;
  private final BatchingThreads threads;
  private final Function<EncoderName, BatchingObserver> observers;

  public OnnxEncoderLoader(
      HeapBoundedDecoder decoder,
      RuntimeOptions runtime,
      BatchingLimits limits,
      BatchingThreads threads,
      Function<EncoderName, BatchingObserver> observers) {
    this.decoder = decoder;
    this.runtime = runtime;
    this.limits = limits;
    this.threads = threads;
    this.observers = observers;
  }

  @Override
  public ServedEncoder load(ModelPackage model) {
    OnnxImageEmbedder network = open(model);
    try {
      verify(model, network);
      BatchingLimits own = network.dynamicBatch() ? limits : limits.oneByOne();
      warmUp(network, own.maxBatch());
      double imagesPerSecond = InferenceSpeed.measure(network);
      return new ServedEncoder(
          model,
          new DynamicBatcher(
              preparer(model),
              new OnnxBatchEmbedder(network),
              own,
              threads,
              observers.apply(model.name())),
          imagesPerSecond);
    } catch (RuntimeException | Error failure) {
      network.close();
      throw failure;
    }
  }

  /** A graph that is rewritten takes one image per run; who wants batches gets the stored one. */
  private OnnxImageEmbedder open(ModelPackage model) {
    return limits.maxBatch() == 1
        ? ServingGraph.open(model, runtime)
        : OnnxImageEmbedder.open(model, runtime);
  }

  private ImagePreparer preparer(ModelPackage model) {
    InputPreparation preparation =
        new InputPreparation(model.card().inputs().stream().map(ImageTensor::preprocess).toList());
    return (bytes, tensor) ->
        decoder.decode(
            bytes,
            image -> {
              preparation.apply(bytes, image, tensor);
              return tensor;
            });
  }

  private static void verify(ModelPackage model, OnnxImageEmbedder network) {
    VerifyReport report = ModelVerifier.verify(model, network);
    if (!report.passed()) {
      throw new ModelInvalidException(
          report.summary() + "; import it again, or load an older version");
    }
  }

  /** The first run of each size plans memory; no caller should wait for that. */
  private static void warmUp(OnnxImageEmbedder network, int maxBatch) {
    float[] zeros = new float[network.tensorLength() * maxBatch];
    network.embed(zeros, maxBatch);
    if (maxBatch > 1) {
      network.embed(zeros, 1);
    }
  }
}
