package dev.likeness.training.optimizer;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * An optimizer's memory.
 *
 * @param steps that each weight was updated
 * @param slots by name of the slot and the weight ({@code firstMoment/fc.weight}); the arrays are
 *     shared, read only by agreement
 */
public record OptimizerState(Map<String, Long> steps, Map<String, double[]> slots) {

  public OptimizerState {
    steps = Collections.unmodifiableMap(new TreeMap<>(steps));
    slots = Collections.unmodifiableMap(new TreeMap<>(slots));
  }
}
