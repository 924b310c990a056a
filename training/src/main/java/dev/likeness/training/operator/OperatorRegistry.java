package dev.likeness.training.operator;

import dev.likeness.training.graph.FusedOperators;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.graph.TrainNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All operators that can be trained through. Immutable. */
public final class OperatorRegistry {

  private record Entry(OpKernel kernel, NodeCheck check) {}

  private static final OperatorRegistry STANDARD = standardOperators();

  private final Map<String, Entry> operators = new HashMap<>();

  private OperatorRegistry() {}

  public static OperatorRegistry standard() {
    return STANDARD;
  }

  public Set<String> names() {
    return new TreeSet<>(operators.keySet());
  }

  /** One line for each operator of the graph that is not supported, with the nodes it is in. */
  public List<String> unsupported(TrainGraph graph) {
    Map<String, Set<String>> nodes = new TreeMap<>();
    for (TrainNode node : graph.nodes()) {
      refusal(node)
          .ifPresent(
              reason -> nodes.computeIfAbsent(reason, unused -> new TreeSet<>()).add(node.name()));
    }
    return nodes.entrySet().stream()
        .map(entry -> "%s (%s)".formatted(entry.getKey(), shortened(entry.getValue())))
        .toList();
  }

  /**
   * @throws UnsupportedOperatorException if the registry has no such operator
   */
  public List<Value> run(OpContext context) {
    if (context.node().domain().equals(FusedOperators.DOMAIN)) {
      return FusedOps.run(context);
    }
    Entry entry = operators.get(context.node().operator());
    if (entry == null || !context.node().domain().isEmpty()) {
      throw new UnsupportedOperatorException(List.of(context.node().operator()));
    }
    return entry.kernel().run(context);
  }

  OperatorRegistry add(String operator, OpKernel kernel) {
    return add(operator, kernel, NodeCheck.NONE);
  }

  OperatorRegistry add(String operator, OpKernel kernel, NodeCheck check) {
    if (operators.put(operator, new Entry(kernel, check)) != null) {
      throw new IllegalStateException("two kernels for " + operator);
    }
    return this;
  }

  private static OperatorRegistry standardOperators() {
    OperatorRegistry registry = new OperatorRegistry();
    ConvOps.addTo(registry);
    NormOps.addTo(registry);
    PoolOps.addTo(registry);
    MathOps.addTo(registry);
    ActivationOps.addTo(registry);
    MatrixOps.addTo(registry);
    ReduceOps.addTo(registry);
    LogicOps.addTo(registry);
    ShapeOps.addTo(registry);
    IndexOps.addTo(registry);
    ConstantOps.addTo(registry);
    ResizeOps.addTo(registry);
    return registry;
  }

  private Optional<String> refusal(TrainNode node) {
    if (!node.domain().isEmpty()) {
      return Optional.of("operator %s of domain %s".formatted(node.operator(), node.domain()));
    }
    Entry entry = operators.get(node.operator());
    if (entry == null) {
      return Optional.of("operator " + node.operator());
    }
    return entry
        .check()
        .refusal(node)
        .map(reason -> "operator %s with %s".formatted(node.operator(), reason));
  }

  private static String shortened(Set<String> nodes) {
    String first = Objects.requireNonNull(nodes.iterator().next());
    return nodes.size() == 1
        ? "node '%s'".formatted(first)
        : "node '%s' and %d more".formatted(first, nodes.size() - 1);
  }
}
