package dev.likeness.encoders.store;

import dev.likeness.encoders.preprocess.PreprocessSpec;
import java.util.List;

/**
 * What an encoder was joined from. The package holds copies of its members' networks in its graph;
 * the members themselves may go.
 *
 * @param fusion how the members' vectors become one
 * @param members 2 to {@value #LARGEST}, in the order of their parts of the vector
 */
public record Ensemble(Fusion fusion, List<Member> members) {

  /** More networks than this for one image are a mistake. */
  public static final int LARGEST = 8;

  public Ensemble {
    members = List.copyOf(members);
    if (members.size() < 2 || members.size() > LARGEST) {
      throw new IllegalArgumentException(
          "an ensemble has 2 to %d members, got %d".formatted(LARGEST, members.size()));
    }
    if (members.stream().map(Member::inputTensor).distinct().count()
        != members.stream().map(Member::input).distinct().count()) {
      throw new IllegalArgumentException(
          "members that share an input must prepare images in the same way");
    }
  }

  /**
   * A member.
   *
   * @param name of the encoder when the ensemble was made
   * @param version of it
   * @param fingerprint of it, 64 hexadecimal digits
   * @param weight its share, above 0; those of all members sum to 1
   * @param dimension length of its vectors
   * @param inputTensor the ensemble's input that it takes; members may share one
   * @param preprocess how pixels become that input
   */
  public record Member(
      String name,
      int version,
      String fingerprint,
      double weight,
      int dimension,
      String inputTensor,
      PreprocessSpec preprocess) {

    public Member {
      if (!(weight > 0 && weight <= 1) || dimension < 1) {
        throw new IllegalArgumentException(
            "a member has a weight above 0 and at most 1 and a dimension of at least 1, got %s, %d"
                .formatted(weight, dimension));
      }
    }

    ImageTensor input() {
      return new ImageTensor(inputTensor, preprocess);
    }
  }

  /** The inputs of the graph, each once. */
  public List<ImageTensor> inputs() {
    return members.stream().map(Member::input).distinct().toList();
  }
}
