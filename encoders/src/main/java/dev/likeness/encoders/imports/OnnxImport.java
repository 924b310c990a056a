package dev.likeness.encoders.imports;

import dev.likeness.encoders.store.ModelStore;
import java.util.function.Consumer;

/** Takes an ONNX image encoder of any exporter into the model store. */
public final class OnnxImport {

  private final ModelStore store;

  public OnnxImport(ModelStore store) {
    this.store = store;
  }

  /**
   * Validates, completes and publishes a model.
   *
   * @param progress told one short sentence per step
   * @throws ImportException if the file cannot be imported as asked
   */
  public ImportResult run(ImportRequest request, Consumer<String> progress) {
    throw new UnsupportedOperationException(store.root().toString());
  }
}
