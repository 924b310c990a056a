/** Builds and edits ONNX graphs; start at {@link dev.likeness.encoders.graph.GraphBuilder}. */
@NullMarked
package dev.likeness.encoders.graph;

import org.jspecify.annotations.NullMarked;
