package dev.likeness.gateway.config;

import dev.likeness.gateway.competition.Competitions;
import dev.likeness.gateway.competition.DatasetFolder;
import dev.likeness.gateway.competition.PipelineOptions;
import dev.likeness.gateway.competition.RunPipeline;
import dev.likeness.gateway.competition.RunQueue;
import dev.likeness.gateway.competition.Sleeper;
import dev.likeness.gateway.competition.SubmissionScoring;
import dev.likeness.gateway.gallery.GalleryKeeper;
import dev.likeness.gateway.gallery.GalleryOptions;
import dev.likeness.gateway.gallery.GalleryStore;
import dev.likeness.gateway.grpc.EmbedderClient;
import dev.likeness.gateway.grpc.IndexClient;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerSightings;
import dev.likeness.gateway.run.RunStore;
import dev.likeness.gateway.search.ImageSearch;
import dev.likeness.gateway.search.SearchPatience;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PlatformConfig;
import io.grpc.Channel;
import io.quarkus.grpc.GrpcClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/** Builds the gateway from its settings. */
@ApplicationScoped
public class GatewayProducer {

  /** Longer than a search may wait for a service that restarts. */
  private static final Duration SEARCHES_END = Duration.ofMinutes(1);

  private final GatewayConfig config;
  private final PlatformConfig platform;
  private final Clock clock = Clock.systemUTC();

  /** Called by the container. */
  public GatewayProducer(GatewayConfig config, PlatformConfig platform) {
    this.config = config;
    this.platform = platform;
  }

  @Produces
  @Singleton
  RunStore runStore() {
    return RunStore.open(
        platform.home().toAbsolutePath().normalize().resolve("runs"), clock, new SecureRandom());
  }

  @Produces
  @Singleton
  PeerSightings peerSightings() {
    return new PeerSightings(clock);
  }

  @Produces
  @Singleton
  EmbedderPeer embedder(@GrpcClient("embedder") Channel channel, PeerSightings sightings) {
    return new EmbedderClient(
        channel,
        platform.callDeadline(),
        sightings,
        new EmbedderClient.InFlight(
            config.inFlight().images(),
            config.inFlight().size().asLongValue(),
            config.inFlight().stall()));
  }

  @Produces
  @Singleton
  IndexPeer index(@GrpcClient("index") Channel channel, PeerSightings sightings) {
    return new IndexClient(channel, platform.callDeadline(), sightings);
  }

  @Produces
  @Singleton
  DatasetFolder datasetFolder() {
    return new DatasetFolder(FileRoots.of(platform));
  }

  @Produces
  @Singleton
  RunQueue runQueue(RunStore store, EmbedderPeer embedder, IndexPeer index, DatasetFolder folder) {
    PipelineOptions options =
        new PipelineOptions(
            config.patience(),
            config.upsertBatch(),
            config.queryBatch(),
            config.maxImageSize().asLongValue());
    return new RunQueue(
        store,
        new RunPipeline(store, embedder, index, folder, options, clock, Sleeper.REAL),
        config.parallelRuns());
  }

  void stop(@Disposes RunQueue queue) {
    queue.close();
  }

  @Produces
  @Singleton
  Competitions competitions(
      RunStore store, RunQueue queue, EmbedderPeer embedder, DatasetFolder folder) {
    return new Competitions(store, queue, embedder, folder, clock, config.sendTimeout());
  }

  @Produces
  @Singleton
  SubmissionScoring submissionScoring() {
    return new SubmissionScoring();
  }

  @Produces
  @Singleton
  ImageSearch imageSearch(EmbedderPeer embedder, IndexPeer index) {
    return new ImageSearch(embedder, index, new SearchPatience(config.searchPatience()));
  }

  @Produces
  @Singleton
  GalleryStore galleryStore() {
    return GalleryStore.open(platform.home().toAbsolutePath().normalize().resolve("galleries"));
  }

  @Produces
  @Singleton
  GalleryKeeper galleryKeeper(GalleryStore store, EmbedderPeer embedder, IndexPeer index) {
    return new GalleryKeeper(
        store,
        embedder,
        index,
        FileRoots.of(platform),
        new GalleryOptions(
            config.galleryPoll(),
            config.upsertBatch(),
            config.maxImageSize().asLongValue(),
            SEARCHES_END),
        clock);
  }

  void stop(@Disposes GalleryKeeper keeper) {
    keeper.close();
  }
}
