/**
 * The gateway's gRPC services and its clients of the other services: start at {@link
 * dev.likeness.gateway.grpc.CompetitionGrpcService}.
 */
@NullMarked
package dev.likeness.gateway.grpc;

import org.jspecify.annotations.NullMarked;
