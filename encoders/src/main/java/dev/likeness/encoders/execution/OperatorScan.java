package dev.likeness.encoders.execution;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Which operators a graph consists of, read without its weights. */
final class OperatorScan {

  private final CodedInputStream in;
  private final Set<String> operators = new HashSet<>();

  private OperatorScan(InputStream file) {
    this.in = CodedInputStream.newInstance(file);
  }

  /** The operators of the outer graph; those of branches and loops are not looked for. */
  static Set<String> of(Path onnx) throws IOException {
    try (InputStream file = Files.newInputStream(onnx)) {
      OperatorScan scan = new OperatorScan(file);
      scan.each(ModelProto.GRAPH_FIELD_NUMBER, scan::graph);
      return Set.copyOf(scan.operators);
    }
  }

  private void graph() throws IOException {
    each(GraphProto.NODE_FIELD_NUMBER, this::node);
  }

  private void node() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == NodeProto.OP_TYPE_FIELD_NUMBER) {
        operators.add(in.readStringRequireUtf8());
      } else {
        in.skipField(tag);
      }
    }
  }

  /** Goes through the messages of one field and leaps over everything else. */
  private void each(int field, Message message) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == field) {
        int outer = in.pushLimit(in.readRawVarint32());
        message.read();
        in.popLimit(outer);
      } else {
        in.skipField(tag);
      }
    }
  }

  /** Reads one message up to its limit. */
  @FunctionalInterface
  private interface Message {
    void read() throws IOException;
  }
}
