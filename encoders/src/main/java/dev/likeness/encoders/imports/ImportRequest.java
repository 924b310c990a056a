package dev.likeness.encoders.imports;

import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.Pooling;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to import and how.
 *
 * @param file the ONNX file; its external data lies beside it
 * @param name of the encoder to publish
 * @param preprocess how the network wants its pixels; its crop size is the input size
 * @param output tensor to take the embedding from; {@value #BEFORE_HEAD} is the input of a final
 *     classifier; null lets the import choose
 * @param pooling what to append to the graph
 */
public record ImportRequest(
    Path file,
    EncoderName name,
    PreprocessSpec preprocess,
    @Nullable String output,
    Pooling pooling) {

  public static final String BEFORE_HEAD = "before-head";
}
