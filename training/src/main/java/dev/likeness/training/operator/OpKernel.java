package dev.likeness.training.operator;

import java.util.List;

/** What an operator does: outputs in the order of the node. */
@FunctionalInterface
interface OpKernel {
  List<Value> run(OpContext context);
}
