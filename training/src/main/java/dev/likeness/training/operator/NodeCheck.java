package dev.likeness.training.operator;

import dev.likeness.training.graph.TrainNode;
import java.util.Optional;

/** Whether an operator is supported with the attributes of a node. */
@FunctionalInterface
interface NodeCheck {

  NodeCheck NONE = node -> Optional.empty();

  /** What is not supported; empty if all is. */
  Optional<String> refusal(TrainNode node);
}
