package dev.likeness.encoders.imports;

import dev.likeness.encoders.store.ModelPackage;
import java.util.List;

/**
 * A published import.
 *
 * @param notes what a person should know, such as "the output is a classifier's logits"
 */
public record ImportResult(ModelPackage model, List<String> notes) {

  public ImportResult {
    notes = List.copyOf(notes);
  }
}
