package dev.likeness.embedder.grpc;

import dev.likeness.embedder.config.WorkerThreads;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.serving.ModelShelf;
import dev.likeness.embedder.v1.ChosenMember;
import dev.likeness.embedder.v1.CreateEnsembleRequest;
import dev.likeness.embedder.v1.CreateEnsembleResponse;
import dev.likeness.encoders.ensemble.EnsembleBuild;
import dev.likeness.encoders.ensemble.EnsembleRequest;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.Fusion;
import dev.likeness.encoders.store.ModelStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/**
 * Joins encoders on the thread of the imports, since it holds whole networks in memory as they do,
 * and tells how far it is; see {@link EncoderImports} for how.
 */
@ApplicationScoped
public class EnsembleCreation {

  private final ModelStore store;
  private final ModelShelf shelf;
  private final EncoderCatalog catalog;
  private final WorkerThreads threads;

  /** Called by the container. */
  public EnsembleCreation(
      ModelStore store, ModelShelf shelf, EncoderCatalog catalog, WorkerThreads threads) {
    this.store = store;
    this.shelf = shelf;
    this.catalog = catalog;
    this.threads = threads;
  }

  /** Progress, then the encoder. */
  Multi<CreateEnsembleResponse> run(CreateEnsembleRequest message) {
    return Multi.createFrom()
        .emitter(emitter -> threads.importing().execute(() -> run(message, emitter)));
  }

  private void run(
      CreateEnsembleRequest message, MultiEmitter<? super CreateEnsembleResponse> emitter) {
    try {
      EnsembleRequest request = request(message);
      ModelStore.Published published =
          new EnsembleBuild(store, Clock.systemUTC())
              .run(request, step -> emitter.emit(told(step).build()));
      catalog.refresh(request.name());
      emitter.emit(
          told("%s as %s"
                  .formatted(
                      published.alreadyThere() ? "there already" : "published",
                      published.model().version()))
              .setEncoder(EmbedderMessages.encoder(catalog.statusOf(published.model())))
              .setAlreadyThere(published.alreadyThere())
              .build());
      emitter.complete();
    } catch (RuntimeException | Error failure) {
      emitter.fail(failure);
    }
  }

  private EnsembleRequest request(CreateEnsembleRequest message) {
    EncoderName name = EmbedderMessages.checked("name", () -> new EncoderName(message.getName()));
    Fusion fusion = EmbedderMessages.checked("fusion", () -> Fusion.parse(message.getFusion()));
    return new EnsembleRequest(
        name, fusion, message.getMembersList().stream().map(this::member).toList());
  }

  private EnsembleRequest.Member member(ChosenMember member) {
    return new EnsembleRequest.Member(
        shelf.require(member.getName(), member.hasVersion() ? member.getVersion() : null),
        member.hasWeight() ? member.getWeight() : 1);
  }

  private static CreateEnsembleResponse.Builder told(String message) {
    return CreateEnsembleResponse.newBuilder().setMessage(message);
  }
}
