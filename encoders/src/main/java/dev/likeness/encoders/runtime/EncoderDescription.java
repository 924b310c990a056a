package dev.likeness.encoders.runtime;

import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.Pooling;
import dev.likeness.encoders.store.Projection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an encoder before it is run for the first time; see {@link
 * dev.likeness.encoders.store.EncoderCard} for the fields.
 */
public record EncoderDescription(
    EncoderName name,
    String architecture,
    PreprocessSpec preprocess,
    String inputTensor,
    String outputTensor,
    Pooling pooling,
    @Nullable Projection projection,
    Origin origin,
    List<String> notes) {

  public EncoderDescription {
    notes = List.copyOf(notes);
  }
}
