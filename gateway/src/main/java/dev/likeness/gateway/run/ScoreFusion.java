package dev.likeness.gateway.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins the scores of several encoders by min-max: each encoder's similarities to the candidates of
 * a query are brought to 0 to 1, then summed by share.
 *
 * @param shares one for each encoder, in their order, positive, with the sum 1
 */
public record ScoreFusion(List<Double> shares) {

  /** Its name in requests, records and files. */
  public static final String MIN_MAX = "min-max";

  private static final double LARGEST_WEIGHT = 1e6;

  /** Copies the shares. */
  public ScoreFusion {
    shares = List.copyOf(shares);
  }

  /**
   * What a request asks for.
   *
   * @param way empty or null for none
   * @param weights empty for equal ones
   * @param encoders number of encoders
   * @return null if there is nothing to join
   * @throws InvalidRequestException if the way is unknown or the weights are not as many positive
   *     numbers as there are encoders
   */
  public static @Nullable ScoreFusion of(
      String field, @Nullable String way, List<Double> weights, int encoders) {
    if (way == null || way.isEmpty()) {
      if (!weights.isEmpty()) {
        throw new InvalidRequestException(
            field, "weights are for the encoders of a fusion; set fusion to min-max");
      }
      return null;
    }
    if (!way.equals(MIN_MAX)) {
      throw new InvalidRequestException(field, "fusion must be min-max, got '%s'".formatted(way));
    }
    if (weights.isEmpty()) {
      return new ScoreFusion(java.util.Collections.nCopies(encoders, 1.0 / encoders));
    }
    if (weights.size() != encoders
        || !weights.stream().allMatch(weight -> weight > 0 && weight <= LARGEST_WEIGHT)) {
      throw new InvalidRequestException(
          field,
          "weights must be %d positive numbers, one for each encoder, got %s"
              .formatted(encoders, weights));
    }
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
    return new ScoreFusion(weights.stream().map(weight -> weight / sum).toList());
  }
}
