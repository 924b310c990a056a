package dev.likeness.encoders.ensemble;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.Ensemble;
import dev.likeness.encoders.store.Fusion;
import dev.likeness.encoders.store.ModelPackage;
import java.util.List;

/**
 * What to join and how.
 *
 * @param name of the encoder to publish
 * @param fusion how the members' vectors become one
 * @param members 2 to {@value Ensemble#LARGEST}, in the order of their parts of the vector
 */
public record EnsembleRequest(EncoderName name, Fusion fusion, List<Member> members) {

  /**
   * A member.
   *
   * @param weight its share relative to the others, positive
   */
  public record Member(ModelPackage model, double weight) {

    public Member {
      if (!(weight > 0 && weight <= 1e6)) {
        throw new EnsembleException(
            "the weight of '%s' must be positive and at most 1000000, got %s"
                .formatted(model.name(), weight));
      }
    }
  }

  public EnsembleRequest {
    members = List.copyOf(members);
    if (members.size() < 2 || members.size() > Ensemble.LARGEST) {
      throw new EnsembleException(
          "an ensemble has 2 to %d members, got %d".formatted(Ensemble.LARGEST, members.size()));
    }
  }

  /** The share of a member; those of all sum to 1. */
  double share(Member member) {
    return member.weight() / members.stream().mapToDouble(Member::weight).sum();
  }
}
