package dev.likeness.encoders.imports;

import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.imports.ImportException.Reason;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.ModelLoadException;
import dev.likeness.encoders.runtime.OnnxRunner;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.ScratchModel;
import dev.likeness.encoders.runtime.TensorValue;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.encoders.store.Sha256;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Takes an ONNX image encoder of any exporter into the model store.
 *
 * <p>A file that already gives one vector per image is kept byte for byte. Otherwise the wanted
 * tensor becomes the output, what is behind it goes, pooling is appended, and a fixed batch is
 * freed where that computes the same.
 */
public final class OnnxImport {

  private final ModelStore store;
  private final PackageAssembler assembler;

  public OnnxImport(ModelStore store) {
    this(store, Clock.systemUTC());
  }

  public OnnxImport(ModelStore store, Clock clock) {
    this.store = store;
    this.assembler = new PackageAssembler(clock);
  }

  /**
   * Validates, completes and publishes a model.
   *
   * @param progress told one short sentence per step
   * @throws ImportException if the file cannot be imported as asked
   * @throws dev.likeness.encoders.store.ModelStoreException if the store cannot be written
   */
  public ImportResult run(ImportRequest request, Consumer<String> progress) {
    try {
      progress.accept("Reading " + request.file().getFileName());
      OnnxFile file = OnnxFile.read(request.file());
      PackageDraft draft = draft(request, file, progress);
      progress.accept("Publishing " + request.name());
      ModelStore.Published published = store.publishIfNew(draft);
      return new ImportResult(
          published.model(),
          published.alreadyThere(),
          Objects.requireNonNullElse(published.model().card().notes(), List.of()));
    } catch (ModelLoadException refused) {
      throw new ImportException(
          Reason.UNSUPPORTED_MODEL, String.valueOf(refused.getMessage()), refused);
    } catch (IOException failed) {
      throw new ImportException(
          Reason.FILE_NOT_READABLE, "the model cannot be copied for a first run", failed);
    }
  }

  private PackageDraft draft(ImportRequest request, OnnxFile file, Consumer<String> progress)
      throws IOException {
    int size = request.preprocess().cropSize();
    ImageInput input = ImageInput.find(file.model().getGraph(), size);
    GraphEditor editor = GraphEditor.of(file.model());
    OutputChoice choice = OutputChoice.choose(editor, request.output(), request.pooling());
    boolean asItIs = isOnlyOutput(editor, choice.tensor());
    if (!asItIs) {
      editor.keepOnlyOutput(choice.tensor());
    }
    progress.accept("Running it once to learn the shape of '%s'".formatted(choice.tensor()));
    TensorValue value = runOnce(editor, file, input, choice.tensor(), size);
    PoolingNodes pooled = PoolingNodes.append(editor, choice.tensor(), value, request.pooling());
    if (!pooled.tensor().equals(choice.tensor())) {
      editor.keepOnlyOutput(pooled.tensor());
      asItIs = false;
    }
    List<String> notes = new ArrayList<>(choice.notes());
    notes.addAll(pooled.notes());
    byte[] onnx = asItIs ? file.bytes() : editor.toBytes();
    progress.accept("Measuring how it treats batches");
    return new BatchTreatment(assembler, file.dataFiles())
        .assemble(describe(request, file, input, pooled.tensor(), notes), editor, onnx, input);
  }

  private static EncoderDescription describe(
      ImportRequest request, OnnxFile file, ImageInput input, String output, List<String> notes) {
    return new EncoderDescription(
        request.name(),
        "onnx",
        request.preprocess(),
        input.name(),
        output,
        request.pooling(),
        null,
        Origin.ofImport(String.valueOf(request.file().getFileName()), Sha256.of(file.bytes())),
        notes);
  }

  private static boolean isOnlyOutput(GraphEditor editor, String tensor) {
    return editor.graph().getOutputCount() == 1
        && editor.graph().getOutput(0).getName().equals(tensor);
  }

  private static TensorValue runOnce(
      GraphEditor editor, OnnxFile file, ImageInput input, String tensor, int size)
      throws IOException {
    long batch = Math.max(1, input.fixedBatch());
    int length = Math.toIntExact(batch * 3 * size * size);
    try (ScratchModel scratch = ScratchModel.write(editor.toBytes(), file.dataFiles());
        OnnxRunner runner = OnnxRunner.open(scratch.onnxPath(), RuntimeOptions.defaults())) {
      long[] shape = {batch, 3, size, size};
      return runner.run(input.name(), GoldenPair.inputTensor(length), shape, tensor);
    }
  }
}
