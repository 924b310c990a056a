/**
 * The gRPC edge: the trainer's service and its client of the embedder. Start at {@link
 * dev.likeness.trainer.grpc.TrainerGrpcService}.
 */
@NullMarked
package dev.likeness.trainer.grpc;

import org.jspecify.annotations.NullMarked;
