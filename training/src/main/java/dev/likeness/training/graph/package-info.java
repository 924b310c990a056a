/** An ONNX file read for training: nodes, roles of the weights; start at {@code TrainGraph}. */
@NullMarked
package dev.likeness.training.graph;

import org.jspecify.annotations.NullMarked;
