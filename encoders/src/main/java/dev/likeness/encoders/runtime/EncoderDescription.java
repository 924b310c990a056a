package dev.likeness.encoders.runtime;

import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.Ensemble;
import dev.likeness.encoders.store.ImageTensor;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.Pooling;
import dev.likeness.encoders.store.Projection;
import java.util.ArrayList;
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
    List<String> notes,
    @Nullable Ensemble ensemble) {

  public EncoderDescription {
    notes = List.copyOf(notes);
  }

  /** The graph's inputs; an image's tensors lie one behind another in this order. */
  public List<ImageTensor> inputs() {
    return ensemble == null ? List.of(new ImageTensor(inputTensor, preprocess)) : ensemble.inputs();
  }

  /** The same with one more note. */
  public EncoderDescription withNote(String note) {
    List<String> more = new ArrayList<>(notes);
    more.add(note);
    return new EncoderDescription(
        name,
        architecture,
        preprocess,
        inputTensor,
        outputTensor,
        pooling,
        projection,
        origin,
        more,
        ensemble);
  }

  /** Of a network of its own. */
  public EncoderDescription(
      EncoderName name,
      String architecture,
      PreprocessSpec preprocess,
      String inputTensor,
      String outputTensor,
      Pooling pooling,
      @Nullable Projection projection,
      Origin origin,
      List<String> notes) {
    this(
        name,
        architecture,
        preprocess,
        inputTensor,
        outputTensor,
        pooling,
        projection,
        origin,
        notes,
        null);
  }
}
