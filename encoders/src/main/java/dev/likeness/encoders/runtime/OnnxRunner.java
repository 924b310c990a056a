package dev.likeness.encoders.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.likeness.encoders.runtime.ModelLoadException.Reason;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;

/**
 * One ONNX Runtime session. Safe for use by any number of threads; closing waits for running calls,
 * and calls after it fail.
 *
 * <p>This is where native memory lives: every tensor is closed in the call that made it.
 */
public final class OnnxRunner implements AutoCloseable {

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final List<TensorShape> inputs;
  private final List<TensorShape> outputs;
  private final InputBuffers buffers = new InputBuffers();
  private final ReadWriteLock lifetime = new ReentrantReadWriteLock();
  private boolean closed;

  private OnnxRunner(OrtEnvironment environment, OrtSession session) throws OrtException {
    this.environment = environment;
    this.session = session;
    this.inputs = shapes(session.getInputInfo().values());
    this.outputs = shapes(session.getOutputInfo().values());
  }

  /**
   * @param file the graph; external data is looked for beside it
   * @throws ModelLoadException if ONNX Runtime refuses it; the message has its reason
   */
  public static OnnxRunner open(Path file, RuntimeOptions options) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions sessionOptions = sessionOptions(options)) {
      return new OnnxRunner(
          environment, environment.createSession(file.toString(), sessionOptions));
    } catch (OrtException refused) {
      throw new ModelLoadException(
          Reason.UNSUPPORTED_MODEL, "ONNX Runtime cannot load it: " + text(refused), refused);
    }
  }

  public List<TensorShape> inputs() {
    return inputs;
  }

  public List<TensorShape> outputs() {
    return outputs;
  }

  /**
   * Runs the graph on one input and gives one output.
   *
   * @param values of the input, row-major; the first {@code shape} elements are used
   * @throws ModelLoadException if the run fails or the output is not float32
   * @throws IllegalStateException if this runner is closed
   */
  public TensorValue run(String input, float[] values, long[] shape, String output) {
    return run(Map.of(input, new TensorValue(shape, values)), output);
  }

  /** The same for a graph of several inputs. */
  TensorValue run(Map<String, TensorValue> inputs, String output) {
    Map<String, OnnxTensor> tensors = new HashMap<>();
    List<FloatBuffer> taken = new ArrayList<>();
    lifetime.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the model was unloaded");
      }
      for (Map.Entry<String, TensorValue> input : inputs.entrySet()) {
        FloatBuffer values = filled(input.getValue());
        taken.add(values);
        tensors.put(
            input.getKey(), OnnxTensor.createTensor(environment, values, input.getValue().shape()));
      }
      try (OrtSession.Result result = session.run(tensors, Set.of(output))) {
        return value(result, output);
      }
    } catch (OrtException failed) {
      throw new ModelLoadException(
          Reason.RUN_FAILED, "the model fails when it runs: " + text(failed), failed);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
      taken.forEach(buffers::giveBack);
      lifetime.readLock().unlock();
    }
  }

  /**
   * Runs the graph on one input and hands over several outputs, one after another.
   *
   * @param values of the input, row-major; the first {@code shape} elements are used
   * @param sink gets each output's name and a copy of its values
   * @throws ModelLoadException if the run fails or an output is not float32
   * @throws IllegalStateException if this runner is closed
   */
  public void run(
      String input,
      float[] values,
      long[] shape,
      Set<String> outputs,
      BiConsumer<String, FloatBuffer> sink) {
    lifetime.readLock().lock();
    FloatBuffer filled = null;
    try {
      if (closed) {
        throw new IllegalStateException("the model was unloaded");
      }
      filled = filled(new TensorValue(shape, values));
      try (OnnxTensor tensor = OnnxTensor.createTensor(environment, filled, shape);
          OrtSession.Result result = session.run(Map.of(input, tensor), outputs)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          sink.accept(output.getKey(), floats(output.getKey(), output.getValue()));
        }
      }
    } catch (OrtException failed) {
      throw new ModelLoadException(
          Reason.RUN_FAILED, "the model fails when it runs: " + text(failed), failed);
    } finally {
      if (filled != null) {
        buffers.giveBack(filled);
      }
      lifetime.readLock().unlock();
    }
  }

  /** A tensor's values where the native code reads them without another copy. */
  private FloatBuffer filled(TensorValue value) {
    int length = Math.toIntExact(Arrays.stream(value.shape()).reduce(1, Math::multiplyExact));
    return buffers.take(length).put(value.values(), 0, length).flip();
  }

  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException unexpected) {
      throw new IllegalStateException("the model's native memory is not released", unexpected);
    } finally {
      lifetime.writeLock().unlock();
    }
  }

  private static TensorValue value(OrtSession.Result result, String output) throws OrtException {
    FloatBuffer buffer = floats(output, result.get(0));
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return new TensorValue(((OnnxTensor) result.get(0)).getInfo().getShape(), values);
  }

  private static FloatBuffer floats(String output, OnnxValue value) {
    if (value instanceof OnnxTensor tensor && tensor.getFloatBuffer() instanceof FloatBuffer copy) {
      return copy;
    }
    throw new ModelLoadException(
        Reason.CARD_MISMATCH, "output '%s' is not a float32 tensor".formatted(output));
  }

  private static OrtSession.SessionOptions sessionOptions(RuntimeOptions options)
      throws OrtException {
    OrtSession.SessionOptions session = new OrtSession.SessionOptions();
    session.setIntraOpNumThreads(options.intraOpThreads());
    session.setInterOpNumThreads(1);
    session.addConfigEntry("session.intra_op.allow_spinning", options.allowSpinning() ? "1" : "0");
    return session;
  }

  private static List<TensorShape> shapes(Collection<NodeInfo> nodes) {
    List<TensorShape> shapes = new ArrayList<>();
    for (NodeInfo node : nodes) {
      if (node.getInfo() instanceof TensorInfo info) {
        List<Long> dimensions = Arrays.stream(info.getShape()).boxed().toList();
        shapes.add(new TensorShape(node.getName(), info.type.name(), dimensions));
      }
    }
    return List.copyOf(shapes);
  }

  /** Only the first line: what follows is a native stack. */
  static String text(OrtException exception) {
    return String.valueOf(exception.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
