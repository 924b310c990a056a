/** The service to the outside; start at {@link dev.likeness.embedder.grpc.EmbedderGrpcService}. */
@NullMarked
package dev.likeness.embedder.grpc;

import org.jspecify.annotations.NullMarked;
