package dev.likeness.encoders.imports;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.likeness.encoders.imports.ImportException.Reason;
import dev.likeness.encoders.store.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** An ONNX file as a user brought it, with the external data files it names. */
final class OnnxFile {

  private final byte[] bytes;
  private final ModelProto model;
  private final Map<String, Path> dataFiles;

  private OnnxFile(byte[] bytes, ModelProto model, Map<String, Path> dataFiles) {
    this.bytes = bytes;
    this.model = model;
    this.dataFiles = dataFiles;
  }

  /**
   * @throws ImportException if it is not an ONNX model, or its external data is missing or
   *     elsewhere
   */
  static OnnxFile read(Path file) {
    byte[] bytes = readBytes(file);
    ModelProto model = parse(file, bytes);
    List<TensorProto> tensors = new ArrayList<>();
    collect(model.getGraph(), tensors);
    Map<String, Path> dataFiles = new TreeMap<>();
    for (TensorProto tensor : tensors) {
      if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        String location = location(tensor);
        dataFiles.computeIfAbsent(location, unused -> resolve(file, location));
      }
    }
    return new OnnxFile(bytes, model, dataFiles);
  }

  /** The file as it is; shared, read only by agreement. */
  byte[] bytes() {
    return bytes;
  }

  ModelProto model() {
    return model;
  }

  /**
   * Where each external data file lies, by its location in the graph; all are inside the model's
   * own folder.
   */
  Map<String, Path> dataFiles() {
    return dataFiles;
  }

  private static byte[] readBytes(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ImportException(Reason.FILE_NOT_READABLE, "there is no file " + file);
    }
    try {
      if (Files.size(file) > Integer.MAX_VALUE - 8) {
        throw new ImportException(
            Reason.NOT_ONNX,
            file.getFileName() + " has more than 2 GB; ONNX keeps such weights in a data file");
      }
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new ImportException(
          Reason.FILE_NOT_READABLE, "%s cannot be read".formatted(file), unreadable);
    }
  }

  private static ModelProto parse(Path file, byte[] bytes) {
    try {
      ModelProto model = ModelProto.parseFrom(bytes);
      // Almost any bytes are some protobuf message; these three make it a model.
      if (model.getIrVersion() < 1
          || model.getOpsetImportCount() == 0
          || model.getGraph().getNodeCount() == 0) {
        throw new ImportException(
            Reason.NOT_ONNX, file.getFileName() + " is not an ONNX model: it holds no graph");
      }
      return model;
    } catch (InvalidProtocolBufferException other) {
      throw new ImportException(
          Reason.NOT_ONNX, file.getFileName() + " is not an ONNX model, or it is cut short", other);
    }
  }

  private static void collect(GraphProto graph, List<TensorProto> tensors) {
    tensors.addAll(graph.getInitializerList());
    for (NodeProto node : graph.getNodeList()) {
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasT()) {
          tensors.add(attribute.getT());
        }
        tensors.addAll(attribute.getTensorsList());
        if (attribute.hasG()) {
          collect(attribute.getG(), tensors);
        }
        attribute.getGraphsList().forEach(inner -> collect(inner, tensors));
      }
    }
  }

  private static String location(TensorProto tensor) {
    return tensor.getExternalDataList().stream()
        .filter(entry -> entry.getKey().equals("location"))
        .map(StringStringEntryProto::getValue)
        .findFirst()
        .orElseThrow(
            () ->
                new ImportException(
                    Reason.MISSING_DATA_FILE,
                    "weight '%s' lies in a data file without a name".formatted(tensor.getName())));
  }

  private static Path resolve(Path file, String location) {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    try {
      WeightFiles.checkLocation(location);
      Path data = folder.resolve(location);
      if (!Files.isRegularFile(data)) {
        throw new ImportException(
            Reason.MISSING_DATA_FILE,
            "the weights are in '%s', which is not beside %s; copy both into one folder"
                .formatted(location, file.getFileName()));
      }
      if (!data.toRealPath().startsWith(folder.toRealPath())) {
        throw unsafe(location);
      }
      return data;
    } catch (IllegalArgumentException escaping) {
      throw unsafe(location);
    } catch (IOException unreadable) {
      throw new ImportException(
          Reason.FILE_NOT_READABLE, "%s cannot be read".formatted(location), unreadable);
    }
  }

  private static ImportException unsafe(String location) {
    return new ImportException(
        Reason.UNSAFE_DATA_PATH,
        "the graph reads its weights from '%s'; only files in the model's own folder are read"
            .formatted(location));
  }
}
