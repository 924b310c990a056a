package dev.likeness.index.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.likeness.index.kernel.CodeProduct;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Products by ONNX Runtime: the thread that asks computes, without copies. Buffers are kept for the
 * next call.
 *
 * @see <a href="../../../../../../../docs/adr/0021-integer-products-for-batches.md">ADR 0021</a>
 */
public final class OnnxProduct implements CodeProduct {

  private static final Logger LOG = System.getLogger(OnnxProduct.class.getName());

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  /** With longer ones ONNX Runtime 1.29.0 ends the process while it loads. */
  private static final int LONGEST_COMMAND_LINE = 4000;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Buffers buffers = new Buffers();

  private OnnxProduct(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  /** Loads it in the background; until then, and where it cannot be had, there is none. */
  public static Supplier<Optional<CodeProduct>> start() {
    CompletableFuture<Optional<CodeProduct>> loaded = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("index-product-load").start(() -> loaded.complete(load()));
    return () -> loaded.getNow(Optional.empty());
  }

  /** Empty, and said in the log, where the library does not load or does not compute exactly. */
  public static Optional<CodeProduct> load() {
    try {
      refuseLongCommandLine();
      OnnxProduct product = open();
      if (!ExactnessCheck.passes(product)) {
        throw new IllegalStateException("this processor's integer products are not exact");
      }
      LOG.log(Level.INFO, "products of codes by {0}", product.name());
      return Optional.of(product);
    } catch (OrtException | IOException | RuntimeException | LinkageError e) {
      LOG.log(
          Level.WARNING,
          "large batches are searched by values, which is slower: no native product of codes ({0})",
          e.getMessage());
      return Optional.empty();
    }
  }

  private static void refuseLongCommandLine() throws IOException {
    if (Files.isReadable(COMMAND_LINE)
        && Files.readAllBytes(COMMAND_LINE).length > LONGEST_COMMAND_LINE) {
      throw new IllegalStateException(
          "the JVM's command line is longer than %d bytes; use CLASSPATH or an @argfile"
              .formatted(LONGEST_COMMAND_LINE));
    }
  }

  private static OnnxProduct open() throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1); // the caller's
      options.setInterOpNumThreads(1);
      options.setMemoryPatternOptimization(false); // there would be one per shape
      return new OnnxProduct(
          environment, environment.createSession(ProductModel.bytes(OFFSET), options));
    }
  }

  @Override
  public String name() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public Panel panel(MemorySegment codes, int stride, int lanes) {
    return new Tensor(tensor(codes.asByteBuffer(), OnnxJavaType.INT8, stride, lanes));
  }

  @Override
  public Workspace workspace(int rows, int stride, int lanes) {
    return new Native(rows, stride, lanes);
  }

  private OnnxTensor tensor(ByteBuffer buffer, OnnxJavaType type, long rows, long columns) {
    try {
      return OnnxTensor.createTensor(
          environment, buffer.order(ByteOrder.nativeOrder()), new long[] {rows, columns}, type);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Tensor(OnnxTensor value) implements Panel {
    @Override
    public void close() {
      value.close();
    }
  }

  private final class Native implements Workspace {
    private final int rowCapacity;
    private final int stride;
    private final int lanes;
    private final Buffers.Pair memory;
    private final OnnxTensor rows;
    private final OnnxTensor sums;

    Native(int rowCapacity, int stride, int lanes) {
      this.rowCapacity = rowCapacity;
      this.stride = stride;
      this.lanes = lanes;
      memory =
          buffers.take((long) rowCapacity * stride, (long) rowCapacity * lanes * Integer.BYTES);
      rows = rows(rowCapacity);
      sums = sums(rowCapacity);
    }

    private OnnxTensor rows(int count) {
      return tensor(
          memory.rows().asSlice(0, (long) count * stride).asByteBuffer(),
          OnnxJavaType.UINT8,
          count,
          stride);
    }

    private OnnxTensor sums(int count) {
      return tensor(
          memory.sums().asSlice(0, (long) count * lanes * Integer.BYTES).asByteBuffer(),
          OnnxJavaType.INT32,
          count,
          lanes);
    }

    @Override
    public MemorySegment rows() {
      return memory.rows();
    }

    @Override
    public MemorySegment sums() {
      return memory.sums();
    }

    @Override
    public void multiply(Panel panel, int rowCount) {
      if (rowCount == rowCapacity) {
        multiply(panel, rows, sums);
        return;
      }
      try (OnnxTensor first = rows(rowCount);
          OnnxTensor products = sums(rowCount)) {
        multiply(panel, first, products);
      }
    }

    private void multiply(Panel panel, OnnxTensor left, OnnxTensor products) {
      Map<String, OnnxTensor> inputs =
          Map.of(ProductModel.ROWS, left, ProductModel.QUERIES, ((Tensor) panel).value());
      try {
        session.run(inputs, Set.of(), Map.of(ProductModel.SUMS, products)).close();
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      rows.close();
      sums.close();
      buffers.giveBack(memory);
    }
  }
}
