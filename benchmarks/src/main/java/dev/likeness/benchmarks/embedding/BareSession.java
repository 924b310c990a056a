package dev.likeness.benchmarks.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelPackage;
import java.nio.FloatBuffer;
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
  private final Map<String, OnnxTensor> input;
  private final ExecutorService threads;
  private final int threadCount;

  BareSession(ModelPackage model, int threadCount) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      session = environment.createSession(model.onnxPath().toString(), options);
    }
    int size = model.card().inputSize();
    image =
        OnnxTensor.createTensor(
            environment,
            FloatBuffer.wrap(GoldenPair.inputTensor(model.card().tensorLength())),
            new long[] {1, 3, size, size});
    input = Map.of(model.card().inputTensor(), image);
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
