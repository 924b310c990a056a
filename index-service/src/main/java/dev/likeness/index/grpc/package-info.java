/**
 * The index over gRPC: messages in, messages out; start at {@link
 * dev.likeness.index.grpc.IndexGrpcService}.
 */
@NullMarked
package dev.likeness.index.grpc;

import org.jspecify.annotations.NullMarked;
