package dev.likeness.encoders.projection;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.encoders.store.Projection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Appends a fitted projection to an encoder's graph. */
public final class ProjectionAppender {

  private final PackageAssembler assembler;

  public ProjectionAppender(Clock clock) {
    this.assembler = new PackageAssembler(clock);
  }

  /**
   * Makes a new package whose graph ends in the projection. The source's vector is brought to
   * length 1 in the graph first, since the projection was fitted on such vectors.
   *
   * @throws IllegalArgumentException if the projection is for vectors of another dimension
   * @throws dev.likeness.encoders.store.ModelStoreException if a file of the source is damaged
   */
  public PackageDraft append(
      ModelPackage source, LinearProjection projection, ProjectionRequest request) {
    EncoderCard card = source.card();
    if (projection.inputDimension() != card.dimension()) {
      throw new IllegalArgumentException(
          "the projection takes %d values, model %s gives %d"
              .formatted(projection.inputDimension(), source.version(), card.dimension()));
    }
    source.checkHashes();
    GraphEditor editor = read(source.onnxPath());
    String output = append(editor, card.outputTensor(), projection);
    EncoderDescription description =
        new EncoderDescription(
            request.name(),
            card.architecture(),
            card.preprocess(),
            card.inputTensor(),
            output,
            card.pooling(),
            record(source, projection, request),
            origin(card.origin(), request),
            List.of(),
            card.ensemble());
    return assembler.assemble(description, editor.toBytes(), dataFiles(source));
  }

  /** unit = x / |x|; y = (unit - mean) · W. */
  private static String append(GraphEditor editor, String tensor, LinearProjection projection) {
    int in = projection.inputDimension();
    int out = projection.outputDimension();
    float[] mean = new float[in];
    float[] weight = new float[in * out];
    for (int row = 0; row < in; row++) {
      mean[row] = projection.mean(row);
      for (int column = 0; column < out; column++) {
        weight[row * out + column] = projection.weight(row, column);
      }
    }
    String unit =
        editor.node(
            "LpNormalization",
            "projection.unit",
            List.of(tensor),
            attribute("axis", 1L),
            attribute("p", 2L));
    String meanName = editor.floats("projection.mean", mean, in);
    String centred = editor.node("Sub", "projection.centred", List.of(unit, meanName));
    String weightName = editor.floats("projection.weight", weight, in, out);
    String projected = editor.node("MatMul", "projected", List.of(centred, weightName));
    editor.keepOnlyVectorOutput(projected, out);
    return projected;
  }

  private static Projection record(
      ModelPackage source, LinearProjection projection, ProjectionRequest request) {
    return new Projection(
        request.kind(),
        source.version().toString(),
        source.fingerprint().value(),
        request.datasetHash(),
        request.imageCount(),
        projection.inputDimension(),
        projection.outputDimension(),
        request.shrinkage());
  }

  /** The backbone stays what it was: untrained if it was untrained. */
  private static Origin origin(Origin source, ProjectionRequest request) {
    return new Origin(
        "projection",
        source.trained(),
        source.source(),
        source.sourceSha256(),
        request.jobId(),
        request.datasetHash(),
        source.seed(),
        null,
        source.licence());
  }

  private static Map<String, Path> dataFiles(ModelPackage source) {
    Map<String, Path> files = new LinkedHashMap<>();
    for (String location : source.card().weights().dataLocations()) {
      files.put(location, source.directory().resolve(location));
    }
    return files;
  }

  private static GraphEditor read(Path onnx) {
    try {
      return GraphEditor.parse(Files.readAllBytes(onnx));
    } catch (InvalidProtocolBufferException damaged) {
      throw new IllegalArgumentException("%s is no ONNX graph".formatted(onnx), damaged);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("%s cannot be read".formatted(onnx), unreadable);
    }
  }
}
