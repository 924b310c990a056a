package dev.likeness.training.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.likeness.encoders.store.WeightFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Reads an ONNX file, with the weights that lie in files beside it put inside. */
public final class OnnxModelFile {

  private OnnxModelFile() {}

  /**
   * @throws IOException if a file cannot be read or is cut short
   * @throws IllegalArgumentException if a data file lies outside of the model's folder
   */
  public static ModelProto read(Path file) throws IOException {
    ModelProto.Builder model = ModelProto.newBuilder();
    // The array is ours alone, so that weights may stay where they were read.
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(Files.readAllBytes(file)).newCodedInput();
    in.enableAliasing(true);
    in.setSizeLimit(Integer.MAX_VALUE);
    model.mergeFrom(in);
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    GraphProto.Builder graph = model.getGraphBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      if (graph.getInitializer(i).getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        graph.setInitializer(i, inlined(graph.getInitializer(i), folder));
      }
    }
    return model.build();
  }

  private static TensorProto inlined(TensorProto tensor, Path folder) throws IOException {
    String location = entry(tensor, "location", "");
    WeightFiles.checkLocation(location);
    try (FileChannel channel = FileChannel.open(folder.resolve(location))) {
      long offset = Long.parseLong(entry(tensor, "offset", "0"));
      long length = Long.parseLong(entry(tensor, "length", "" + (channel.size() - offset)));
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, offset + bytes.position()) < 0) {
          throw new IOException(
              "%s is cut short: tensor '%s' ends at byte %d, the file at %d"
                  .formatted(location, tensor.getName(), offset + length, channel.size()));
        }
      }
      return tensor.toBuilder()
          .clearExternalData()
          .clearDataLocation()
          .setRawData(UnsafeByteOperations.unsafeWrap(bytes.flip()))
          .build();
    }
  }

  private static String entry(TensorProto tensor, String key, String otherwise) {
    return tensor.getExternalDataList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst()
        .orElse(otherwise);
  }
}
