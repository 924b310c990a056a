package dev.likeness.cli;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Services in this process, at one port of this machine; can be restarted at the same port. */
final class FakePlatform implements AutoCloseable {
  private final BindableService[] services;
  private Server server;

  private FakePlatform(Server server, BindableService... services) {
    this.server = server;
    this.services = services;
  }

  static FakePlatform of(BindableService... services) throws IOException {
    return new FakePlatform(start(0, services), services);
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** Breaks every connection and comes back. */
  void restart() throws Exception {
    int port = server.getPort();
    server.shutdownNow().awaitTermination();
    server = start(port, services);
  }

  /** The error a service answers with. */
  static StatusRuntimeException refusal(io.grpc.Status.Code code, String reason, String message) {
    return StatusProto.toStatusRuntimeException(status(code, reason, message));
  }

  static Status status(io.grpc.Status.Code code, String reason, String message) {
    return Status.newBuilder()
        .setCode(code.value())
        .setMessage(message)
        .addDetails(
            Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain("likeness.dev").build()))
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static Server start(int port, BindableService... services) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    for (BindableService service : services) {
      builder.addService(service);
    }
    return builder.build().start();
  }
}
