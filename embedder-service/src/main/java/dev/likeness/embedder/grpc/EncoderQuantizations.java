package dev.likeness.embedder.grpc;

import dev.likeness.embedder.config.WorkerThreads;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.v1.QuantizationFidelity;
import dev.likeness.embedder.v1.QuantizeEncoderRequest;
import dev.likeness.embedder.v1.QuantizeEncoderResponse;
import dev.likeness.encoders.quantize.EncoderQuantization;
import dev.likeness.encoders.quantize.Fidelity;
import dev.likeness.encoders.quantize.QuantizationProgress;
import dev.likeness.encoders.quantize.QuantizationRequest;
import dev.likeness.encoders.quantize.QuantizationResult;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CancellationException;

/**
 * Runs quantisations on the thread of imports, one after another, since each holds a network in
 * memory; ends one whose caller has gone.
 */
@ApplicationScoped
public class EncoderQuantizations {

  private final FileRoots roots;
  private final EncoderQuantization quantization;
  private final EncoderCatalog catalog;
  private final WorkerThreads threads;

  /** Called by the container. */
  public EncoderQuantizations(
      FileRoots roots,
      EncoderQuantization quantization,
      EncoderCatalog catalog,
      WorkerThreads threads) {
    this.roots = roots;
    this.quantization = quantization;
    this.catalog = catalog;
    this.threads = threads;
  }

  /** Progress, then the encoder. */
  Multi<QuantizeEncoderResponse> run(QuantizeEncoderRequest message) {
    return Multi.createFrom()
        .emitter(emitter -> threads.importing().execute(() -> run(message, emitter)));
  }

  private void run(
      QuantizeEncoderRequest message, MultiEmitter<? super QuantizeEncoderResponse> emitter) {
    try {
      QuantizationResult result = quantization.run(request(message), new Told(emitter));
      catalog.refresh(result.model().name());
      emitter.emit(
          QuantizeEncoderResponse.newBuilder()
              .setMessage("published as " + result.model().version())
              .setEncoder(EmbedderMessages.encoder(catalog.statusOf(result.model())))
              .setFidelity(fidelity(result.fidelity()))
              .build());
      emitter.complete();
    } catch (PathOutsideRootsException | RuntimeException | Error failure) {
      if (!emitter.isCancelled()) {
        emitter.fail(failure);
      }
    }
  }

  private QuantizationRequest request(QuantizeEncoderRequest message)
      throws PathOutsideRootsException {
    if (message.getName().isEmpty()) {
      throw new InvalidFieldException("name", "name is required");
    }
    if (message.getImagesPath().isEmpty()) {
      throw new InvalidFieldException(
          "images_path", "images_path is required: a folder of images like those to be embedded");
    }
    String name =
        message.getPackageName().isEmpty() ? message.getName() + "-int8" : message.getPackageName();
    EncoderName packageName = EmbedderMessages.checked("package_name", () -> new EncoderName(name));
    var source = catalog.find(message.getName(), null).model();
    var images = roots.resolve(message.getImagesPath());
    int count =
        message.getImageCount() == 0 ? QuantizationRequest.USUAL_IMAGES : message.getImageCount();
    return EmbedderMessages.checked(
        "image_count",
        () -> new QuantizationRequest(source, packageName, images, count, message.getForce()));
  }

  private static QuantizationFidelity fidelity(Fidelity fidelity) {
    return QuantizationFidelity.newBuilder()
        .setMeanCosine(fidelity.meanCosine())
        .setMinCosine(fidelity.minCosine())
        .setImageCount(fidelity.images())
        .build();
  }

  /** Ends the work when nobody listens any more. */
  private record Told(MultiEmitter<? super QuantizeEncoderResponse> emitter)
      implements QuantizationProgress {

    @Override
    public void step(String sentence) {
      stopIfNobodyListens();
      emitter.emit(QuantizeEncoderResponse.newBuilder().setMessage(sentence).build());
    }

    @Override
    public void images(int done, int total) {
      stopIfNobodyListens();
      emitter.emit(
          QuantizeEncoderResponse.newBuilder().setImagesDone(done).setImagesTotal(total).build());
    }

    private void stopIfNobodyListens() {
      if (emitter.isCancelled()) {
        throw new CancellationException("the caller has gone");
      }
    }
  }
}
