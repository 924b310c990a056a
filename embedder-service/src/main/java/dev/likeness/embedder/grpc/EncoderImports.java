package dev.likeness.embedder.grpc;

import dev.likeness.embedder.config.WorkerThreads;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.v1.ImportEncoderRequest;
import dev.likeness.embedder.v1.ImportEncoderResponse;
import dev.likeness.encoders.imports.ImportRequest;
import dev.likeness.encoders.imports.ImportResult;
import dev.likeness.encoders.imports.OnnxImport;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Runs imports on their own thread, one after another, and tells how far they are.
 *
 * <p>Not by {@code runSubscriptionOn}: it hands the client's demand to the same thread, so that
 * nothing would be told before the import is done.
 */
@ApplicationScoped
public class EncoderImports {

  private final FileRoots roots;
  private final OnnxImport imports;
  private final EncoderCatalog catalog;
  private final WorkerThreads threads;

  /** Called by the container. */
  public EncoderImports(
      FileRoots roots, OnnxImport imports, EncoderCatalog catalog, WorkerThreads threads) {
    this.roots = roots;
    this.imports = imports;
    this.catalog = catalog;
    this.threads = threads;
  }

  /** Progress, then notes, then the encoder. */
  Multi<ImportEncoderResponse> run(ImportEncoderRequest message) {
    return Multi.createFrom()
        .emitter(emitter -> threads.importing().execute(() -> run(message, emitter)));
  }

  private void run(
      ImportEncoderRequest message, MultiEmitter<? super ImportEncoderResponse> emitter) {
    try {
      ImportRequest request =
          EmbedderMessages.importRequest(message, roots.resolve(message.getModelPath()));
      ImportResult result = imports.run(request, step -> emitter.emit(told(step).build()));
      result.notes().forEach(note -> emitter.emit(told(note).build()));
      catalog.refresh(request.name());
      emitter.emit(
          told("%s as %s"
                  .formatted(
                      result.alreadyThere() ? "there already" : "published",
                      result.model().version()))
              .setEncoder(EmbedderMessages.encoder(catalog.statusOf(result.model())))
              .setAlreadyThere(result.alreadyThere())
              .build());
      emitter.complete();
    } catch (PathOutsideRootsException | RuntimeException | Error failure) {
      emitter.fail(failure);
    }
  }

  private static ImportEncoderResponse.Builder told(String message) {
    return ImportEncoderResponse.newBuilder().setMessage(message);
  }
}
