package dev.likeness.training.graph;

/** Names of operators that exist in no file, only where nodes were joined for execution. */
public final class FusedOperators {

  public static final String DOMAIN = "likeness.fused";

  /** x · W + b: inputs x, W [in, out], b [out]. */
  public static final String LINEAR = "Linear";

  /** softmax(q · k) · v: inputs q, k (transposed already), v. */
  public static final String ATTENTION = "Attention";

  /** max(min, min(max, x)) between two fixed numbers: input x, attributes min, max, in_place. */
  public static final String BOUNDED = "Bounded";

  /** max(0, x), written over x. */
  public static final String RECTIFIED = "Rectified";

  /** x · sigmoid(x): input x. */
  public static final String SILU = "Silu";

  public static final String IN_PLACE = "in_place";

  private FusedOperators() {}
}
