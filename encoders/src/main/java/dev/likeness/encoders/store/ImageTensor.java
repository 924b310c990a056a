package dev.likeness.encoders.store;

import dev.likeness.encoders.preprocess.PreprocessSpec;

/**
 * An input of a graph.
 *
 * @param name of the tensor, float32 [N, 3, cropSize, cropSize]
 * @param preprocess how pixels become that tensor
 */
public record ImageTensor(String name, PreprocessSpec preprocess) {}
