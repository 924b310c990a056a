package dev.likeness.encoders.imports;

import dev.likeness.encoders.store.ModelPackage;
import java.util.List;

/**
 * A published import.
 *
 * @param alreadyThere whether the newest version was exactly this import, so that nothing was
 *     published
 * @param notes what a person should know, such as "the output is a classifier's logits"
 */
public record ImportResult(ModelPackage model, boolean alreadyThere, List<String> notes) {

  public ImportResult {
    notes = List.copyOf(notes);
  }
}
