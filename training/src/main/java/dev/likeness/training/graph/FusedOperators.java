package dev.likeness.training.graph;

/** Names of operators that exist in no file, only where nodes were joined for execution. */
public final class FusedOperators {

  public static final String DOMAIN = "likeness.fused";

  /** x · W + b: inputs x, W [in, out], b [out]. */
  public static final String LINEAR = "Linear";

  /** softmax(q · k) · v: inputs q, k (transposed already), v. */
  public static final String ATTENTION = "Attention";

  private FusedOperators() {}
}
