package dev.likeness.encoders.imports;

import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.imports.ImportException.Reason;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.ModelLoadException;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.store.PackageDraft;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Decides by measurement whether images may share a run, freeing a fixed batch where that works.
 */
final class BatchTreatment {

  /** Between two graphs of the same network, only the order of sums may differ. */
  private static final double SAME = 1e-5;

  private final PackageAssembler assembler;
  private final Map<String, Path> dataFiles;

  BatchTreatment(PackageAssembler assembler, Map<String, Path> dataFiles) {
    this.assembler = assembler;
    this.dataFiles = dataFiles;
  }

  PackageDraft assemble(
      EncoderDescription description, GraphEditor editor, byte[] onnx, ImageInput input) {
    if (input.fixedBatch() == 0) {
      return withRemark(description, onnx, assembler.assemble(description, onnx, dataFiles));
    }
    Optional<PackageDraft> freed = freed(description, editor, input);
    if (input.fixedBatch() > 1) {
      return freed.orElseThrow(
          () ->
              new ImportException(
                  Reason.UNSUPPORTED_MODEL,
                  "the graph takes exactly %d images at once, and that cannot be changed; export it"
                          .formatted(input.fixedBatch())
                      + " with a free batch size or with 1"));
    }
    PackageDraft fixed = assembler.assemble(description, onnx, dataFiles);
    return freed
        .filter(draft -> same(fixed, draft))
        .orElseGet(() -> withRemark(description, onnx, fixed));
  }

  private Optional<PackageDraft> freed(
      EncoderDescription description, GraphEditor editor, ImageInput input) {
    try {
      byte[] onnx = DynamicBatch.free(editor, input).toBytes();
      EncoderDescription noted =
          description.withNote(
              "the batch size was fixed at %d and is free now; vectors were compared"
                  .formatted(input.fixedBatch()));
      return Optional.of(assembler.assemble(noted, onnx, dataFiles))
          .filter(draft -> draft.card().batching().allowed());
    } catch (ModelLoadException usesTheNumberElsewhere) {
      return Optional.empty();
    }
  }

  private PackageDraft withRemark(EncoderDescription description, byte[] onnx, PackageDraft draft) {
    if (draft.card().batching().allowed()) {
      return draft;
    }
    String remark =
        draft.card().batching().dynamic()
            ? "a vector depends on the other images of its batch (dynamic quantisation does this);"
                + " images are run one by one"
            : "the graph takes one image per run; images are run one by one";
    return assembler.assemble(description.withNote(remark), onnx, dataFiles);
  }

  private static boolean same(PackageDraft fixed, PackageDraft freed) {
    float[] left = fixed.card().golden().expected();
    float[] right = freed.card().golden().expected();
    if (left.length != right.length) {
      return false;
    }
    for (int i = 0; i < left.length; i++) {
      if (!(Math.abs(left[i] - right[i]) <= SAME)) {
        return false;
      }
    }
    return true;
  }
}
