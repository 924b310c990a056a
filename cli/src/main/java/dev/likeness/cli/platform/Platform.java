package dev.likeness.cli.platform;

import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.gateway.v1.CompetitionServiceGrpc;
import dev.likeness.gateway.v1.GalleryServiceGrpc;
import dev.likeness.gateway.v1.SearchServiceGrpc;
import dev.likeness.trainer.v1.DatasetServiceGrpc;
import dev.likeness.trainer.v1.ModelServiceGrpc;
import dev.likeness.trainer.v1.TrainerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Connections to the services, made when they are first used. For one thread. */
public final class Platform implements AutoCloseable {
  /** Replies hold a whole submission or a page of runs at most. */
  private static final int MAX_REPLY_BYTES = 64 << 20;

  private final PlatformAddresses addresses;
  private final Map<String, ManagedChannel> channels = new HashMap<>();

  /** Connects to nothing yet. */
  public Platform(PlatformAddresses addresses) {
    this.addresses = addresses;
  }

  /** Runs. Streams of it have no deadline. */
  public CompetitionServiceGrpc.CompetitionServiceBlockingStub competition() {
    return CompetitionServiceGrpc.newBlockingStub(channel(addresses.gateway()));
  }

  /** Search by image. */
  public SearchServiceGrpc.SearchServiceBlockingStub search() {
    return SearchServiceGrpc.newBlockingStub(channel(addresses.gateway()));
  }

  /** Encoders. */
  public EmbedderServiceGrpc.EmbedderServiceBlockingStub embedder() {
    return EmbedderServiceGrpc.newBlockingStub(channel(addresses.embedder()));
  }

  /** Encoders, for the stream of images. */
  public EmbedderServiceGrpc.EmbedderServiceStub embedderStream() {
    return EmbedderServiceGrpc.newStub(channel(addresses.embedder()));
  }

  /** Training jobs. Streams of it have no deadline. */
  public TrainerServiceGrpc.TrainerServiceBlockingStub trainer() {
    return TrainerServiceGrpc.newBlockingStub(channel(addresses.trainer()));
  }

  /** The versions of encoders. */
  public ModelServiceGrpc.ModelServiceBlockingStub models() {
    return ModelServiceGrpc.newBlockingStub(channel(addresses.trainer()));
  }

  /** Data sets that grow. */
  public DatasetServiceGrpc.DatasetServiceBlockingStub datasets() {
    return DatasetServiceGrpc.newBlockingStub(channel(addresses.trainer()));
  }

  /** Galleries that follow their encoder. */
  public GalleryServiceGrpc.GalleryServiceBlockingStub galleries() {
    return GalleryServiceGrpc.newBlockingStub(channel(addresses.gateway()));
  }

  /** A stub whose next call ends in time. */
  public static <S extends AbstractStub<S>> S within(Duration time, S stub) {
    return stub.withDeadlineAfter(time);
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }

  private ManagedChannel channel(String address) {
    return channels.computeIfAbsent(
        address,
        target ->
            NettyChannelBuilder.forTarget("dns:///" + target)
                .usePlaintext()
                .maxInboundMessageSize(MAX_REPLY_BYTES)
                .build());
  }
}
