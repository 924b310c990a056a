package dev.likeness.encoders.pull;

import dev.likeness.encoders.runtime.VerifyReport;
import dev.likeness.encoders.store.ModelPackage;
import java.util.List;

/**
 * What a pull made.
 *
 * @param model the package
 * @param alreadyThere whether the newest version was exactly this encoder, so that nothing was
 *     published
 * @param verification of the package against its golden pair
 * @param notes what was skipped, and the licence
 */
public record PullResult(
    ModelPackage model, boolean alreadyThere, VerifyReport verification, List<String> notes) {

  public PullResult {
    notes = List.copyOf(notes);
  }
}
