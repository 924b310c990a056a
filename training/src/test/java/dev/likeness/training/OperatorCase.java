package dev.likeness.training;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.likeness.encoders.graph.GraphTensors;
import java.util.ArrayList;
import java.util.List;

/** One operator with inputs, as a graph of its own. Its first float input is the graph's. */
final class OperatorCase {

  static final String OUTPUT = "out";

  /** A float input of the node. */
  @SuppressWarnings("ArrayRecordComponent") // read by the test only
  record Floats(String name, float[] values, long[] shape, boolean differentiable) {}

  private static final int NEWEST_OPSET = 20;

  private final String label;
  private final NodeProto.Builder node;
  private final List<Floats> floats = new ArrayList<>();
  private final List<TensorProto> integers = new ArrayList<>();
  private int opset = NEWEST_OPSET;
  private int outputs = 1;
  private boolean integerResult;
  private boolean training;

  private OperatorCase(String label, String operator) {
    this.label = label;
    this.node = NodeProto.newBuilder().setOpType(operator).setName(operator);
  }

  static OperatorCase of(String operator, String variant) {
    return new OperatorCase(variant.isEmpty() ? operator : operator + ", " + variant, operator);
  }

  static OperatorCase of(String operator) {
    return of(operator, "");
  }

  /** Values in [-1, 1), none near 0, no two the same. */
  OperatorCase floats(long... shape) {
    return add(shape, true, 0, 1);
  }

  /** Values in [0.5, 1.5). */
  OperatorCase positive(long... shape) {
    return add(shape, true, 1, 0.5);
  }

  /** Values in [0.5, 1.5) without a gradient. */
  OperatorCase statistics(long... shape) {
    return add(shape, false, 1, 0.5);
  }

  OperatorCase number(float value) {
    String name = name();
    floats.add(new Floats(name, new float[] {value}, new long[0], false));
    node.addInput(name);
    return this;
  }

  OperatorCase none() {
    node.addInput("");
    return this;
  }

  /** An int64 list. */
  OperatorCase longs(long... values) {
    return integers(values, values.length);
  }

  OperatorCase integers(long[] values, long... shape) {
    String name = name();
    integers.add(GraphTensors.integers(name, values, shape));
    node.addInput(name);
    return this;
  }

  OperatorCase truths(int... values) {
    String name = name();
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    integers.add(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.BOOL_VALUE)
            .addDims(values.length)
            .setRawData(ByteString.copyFrom(bytes))
            .build());
    node.addInput(name);
    return this;
  }

  OperatorCase with(String attribute, long value) {
    node.addAttribute(attribute(attribute, value));
    return this;
  }

  OperatorCase with(String attribute, float value) {
    node.addAttribute(attribute(attribute, value));
    return this;
  }

  OperatorCase list(String attribute, long... values) {
    node.addAttribute(attribute(attribute, values));
    return this;
  }

  OperatorCase with(String attribute, String value) {
    node.addAttribute(
        AttributeProto.newBuilder()
            .setName(attribute)
            .setType(AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8(value)));
    return this;
  }

  OperatorCase with(String attribute, TensorProto value) {
    node.addAttribute(
        AttributeProto.newBuilder()
            .setName(attribute)
            .setType(AttributeProto.AttributeType.TENSOR)
            .setT(value));
    return this;
  }

  OperatorCase opset(int version) {
    opset = version;
    return this;
  }

  /** Several outputs, of which the last is looked at. */
  OperatorCase outputs(int count) {
    outputs = count;
    return this;
  }

  /** The operator gives integers or truth values: compared as floats, no gradient. */
  OperatorCase integerResult() {
    integerResult = true;
    return this;
  }

  /** Compared with differences only: served graphs do not run so. */
  OperatorCase inTraining() {
    training = true;
    return this;
  }

  String operator() {
    return node.getOpType();
  }

  List<Floats> floats() {
    return floats.isEmpty()
        ? List.of(new Floats("x", new float[1], new long[] {1}, false))
        : floats;
  }

  boolean isDifferentiable() {
    return !integerResult && floats.stream().anyMatch(Floats::differentiable);
  }

  boolean isTraining() {
    return training;
  }

  /**
   * @param allInputs whether all float inputs are the graph's, or the first only
   */
  ModelProto model(boolean allInputs) {
    NodeProto.Builder operator = node.clone();
    for (int i = 1; i <= outputs; i++) {
      operator.addOutput("result" + i);
    }
    GraphProto.Builder graph = GraphProto.newBuilder().setName("case").addNode(operator);
    String result = "result" + outputs;
    if (integerResult) {
      graph.addNode(
          NodeProto.newBuilder()
              .setOpType("Cast")
              .addInput(result)
              .addOutput("cast")
              .addAttribute(attribute("to", (long) TensorProto.DataType.FLOAT_VALUE)));
      result = "cast";
    }
    String last = floats.isEmpty() ? "Add" : "Identity";
    NodeProto.Builder end = NodeProto.newBuilder().setOpType(last).addInput(result);
    if (floats.isEmpty()) {
      end.addInput("x"); // A graph has an input.
    }
    graph.addNode(end.addOutput(OUTPUT));
    List<Floats> given = floats();
    for (int i = 0; i < given.size(); i++) {
      Floats input = given.get(i);
      if (i == 0 || allInputs) {
        graph.addInput(ValueInfoProto.newBuilder().setName(input.name).setType(type(input.shape)));
      } else {
        graph.addInitializer(GraphTensors.floats(input.name, input.values, input.shape));
      }
    }
    graph.addAllInitializer(integers);
    graph.addOutput(
        ValueInfoProto.newBuilder()
            .setName(OUTPUT)
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(
                        TypeProto.Tensor.newBuilder()
                            .setElemType(TensorProto.DataType.FLOAT_VALUE))));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .setGraph(graph)
        .build();
  }

  @Override
  public String toString() {
    return label;
  }

  private OperatorCase add(long[] shape, boolean differentiable, double offset, double spread) {
    int length = 1;
    for (long size : shape) {
      length *= (int) size;
    }
    String name = name();
    float[] values = FormulaTensor.of(label + name, length, spread);
    for (int i = 0; i < length; i++) {
      boolean nearZero = offset == 0 && Math.abs(values[i]) < 0.05;
      values[i] += (float) (nearZero ? Math.copySign(0.1, values[i]) : offset);
    }
    floats.add(new Floats(name, values, shape, differentiable));
    node.addInput(name);
    return this;
  }

  private String name() {
    return "input" + node.getInputCount();
  }

  private static TypeProto type(long[] shape) {
    TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
    for (long size : shape) {
      sizes.addDimBuilder().setDimValue(size);
    }
    return TypeProto.newBuilder()
        .setTensorType(
            TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                .setShape(sizes))
        .build();
  }
}
