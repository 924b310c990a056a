package dev.likeness.training.finetune.spec;

/** Which part of the network is trained. The head (pooling and projection) always is. */
public sealed interface TrainedScope {

  /** Only the head; what the network says of each image is computed once. */
  record Head() implements TrainedScope {
    @Override
    public String text() {
      return "head";
    }
  }

  /**
   * The last blocks, too.
   *
   * @param count at least 1; more than the network has means all
   */
  record LastBlocks(int count) implements TrainedScope {
    public LastBlocks {
      if (count < 1) {
        throw new IllegalArgumentException("last:N needs at least one block, got " + count);
      }
    }

    @Override
    public String text() {
      return "last:" + count;
    }
  }

  /** Everything. */
  record All() implements TrainedScope {
    @Override
    public String text() {
      return "all";
    }
  }

  /** As {@link #parse} reads it. */
  String text();

  /**
   * @throws IllegalArgumentException if the text is none of head, last:N, all
   */
  static TrainedScope parse(String text) {
    if (text.equals("head")) {
      return new Head();
    }
    if (text.equals("all")) {
      return new All();
    }
    if (text.matches("last:[1-9][0-9]{0,3}")) {
      return new LastBlocks(Integer.parseInt(text.substring("last:".length())));
    }
    throw new IllegalArgumentException(
        "what is trained is one of head, last:N, all; got '%s'".formatted(text));
  }
}
