package dev.likeness.evaluation.record;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A mean that says how many values went into it.
 *
 * @param value the mean; null when no run has this value
 * @param count number of runs that have it
 * @param runs number of runs in the group
 */
public record Mean(@Nullable Double value, int count, int runs) {
  static Mean of(Collection<@Nullable Double> values) {
    double sum = 0;
    int count = 0;
    for (Double value : values) {
      if (value != null) {
        sum += value;
        count++;
      }
    }
    return new Mean(count == 0 ? null : (Double) (sum / count), count, values.size());
  }
}
