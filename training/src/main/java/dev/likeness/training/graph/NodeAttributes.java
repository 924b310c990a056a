package dev.likeness.training.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Attributes of a node, decoded once. Arrays are shared, read only by agreement. */
public final class NodeAttributes {

  private final Map<String, Object> values;

  private NodeAttributes(Map<String, Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  static NodeAttributes none() {
    return new NodeAttributes(Map.of());
  }

  /** Limits of a joined node, and whether its result takes the place of its input. */
  static NodeAttributes bounds(float min, float max, boolean inPlace) {
    return new NodeAttributes(
        Map.of("min", min, "max", max, FusedOperators.IN_PLACE, inPlace ? 1L : 0L));
  }

  static NodeAttributes of(NodeProto node) {
    Map<String, Object> values = new HashMap<>();
    for (AttributeProto attribute : node.getAttributeList()) {
      values.put(attribute.getName(), decoded(attribute));
    }
    return new NodeAttributes(values);
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  public long integer(String name, long otherwise) {
    return values.get(name) instanceof Long value ? value : otherwise;
  }

  public boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  public double number(String name, double otherwise) {
    return values.get(name) instanceof Float value ? value : otherwise;
  }

  public String text(String name, String otherwise) {
    return values.get(name) instanceof String value ? value : otherwise;
  }

  public long @Nullable [] integers(String name) {
    return values.get(name) instanceof long[] list ? list : null;
  }

  public float @Nullable [] numbers(String name) {
    return values.get(name) instanceof float[] list ? list : null;
  }

  public Optional<TensorProto> tensor(String name) {
    return values.get(name) instanceof TensorProto tensor ? Optional.of(tensor) : Optional.empty();
  }

  private static Object decoded(AttributeProto attribute) {
    if (attribute.hasT()) {
      return attribute.getT();
    }
    return switch (attribute.getType()) {
      case INT -> attribute.getI();
      case FLOAT -> attribute.getF();
      case STRING -> attribute.getS().toStringUtf8();
      case INTS -> attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
      case FLOATS -> floats(attribute);
      default -> attribute;
    };
  }

  private static float[] floats(AttributeProto attribute) {
    float[] floats = new float[attribute.getFloatsCount()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = attribute.getFloats(i);
    }
    return floats;
  }
}
