package dev.likeness.benchmarks.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.image.ImageDecodeException;
import dev.likeness.encoders.image.ImageDecoder;
import dev.likeness.encoders.preprocess.InputPreparation;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelPackage;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * ONNX Runtime without anything of ours around it: {@code OrtSession.run} on a tensor that is
 * ready, by several threads at a time, each run on one of them.
 */
final class BareSession implements AutoCloseable {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final OnnxTensor image;
  private final String inputName;
  private final long[] shape;
  private final Map<String, OnnxTensor> input;
  private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
  private final InputPreparation preparation;
  private final ExecutorService threads;
  private final int threadCount;

  BareSession(ModelPackage model, int threadCount) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(model.onnxPath().toString(), options);
    }
    int size = model.card().preprocess().cropSize();
    shape = new long[] {1, 3, size, size};
    image =
        OnnxTensor.createTensor(
            environment,
            FloatBuffer.wrap(GoldenPair.inputTensor(model.card().tensorLength())),
            shape);
    inputName = model.card().inputTensor();
    input = Map.of(inputName, image);
    preparation = new InputPreparation(List.of(model.card().preprocess()));
    this.threadCount = threadCount;
    threads = Executors.newFixedThreadPool(threadCount);
  }

  /** Runs so many images; answers how many. */
  long run(int images) throws InterruptedException, ExecutionException {
    var shares =
        IntStream.range(0, threadCount)
            .mapToObj(thread -> threads.submit(() -> share(thread, images)))
            .toList();
    for (Future<?> share : shares) {
      share.get();
    }
    return images;
  }

  /** The same on images that each thread decodes and prepares itself before every run. */
  long runDecoding(List<byte[]> files, int images) throws InterruptedException, ExecutionException {
    var shares =
        IntStream.range(0, threadCount)
            .mapToObj(thread -> threads.submit(() -> shareDecoding(thread, files, images)))
            .toList();
    for (Future<?> share : shares) {
      share.get();
    }
    return images;
  }

  /**
   * Decodes and prepares so many images and runs nothing, so that the JVM has compiled that, and
   * does not do it in another contender's turn.
   */
  void warmUpDecoding(List<byte[]> files, int images) throws ImageDecodeException {
    float[] values = new float[preparation.tensorLength()];
    for (int i = 0; i < images; i++) {
      byte[] file = files.get(i % files.size());
      preparation.apply(file, decoder.decode(file), values);
    }
  }

  private Void shareDecoding(int thread, List<byte[]> files, int images)
      throws OrtException, ImageDecodeException {
    float[] values = new float[preparation.tensorLength()];
    for (int i = thread; i < images; i += threadCount) {
      byte[] file = files.get(i % files.size());
      preparation.apply(file, decoder.decode(file), values);
      try (OnnxTensor tensor =
          OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape)) {
        session.run(Map.of(inputName, tensor)).close();
      }
    }
    return null;
  }

  private Void share(int thread, int images) throws OrtException {
    for (int i = thread; i < images; i += threadCount) {
      session.run(input).close();
    }
    return null;
  }

  @Override
  public void close() throws OrtException {
    threads.shutdownNow();
    image.close();
    session.close();
  }
}
