package dev.likeness.encoders.quantize;

import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.preprocess.InputPreparation;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.runtime.SimplifiedGraph;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.PackageDraft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Makes an encoder that computes in 8-bit integers out of a float32 one, after R. Krishnamoorthi,
 * 2018, "Quantizing deep convolutional networks for efficient inference": weights as signed bytes
 * with a scale for each output channel, activations as unsigned bytes with a fixed scale and zero
 * point that were measured on images beforehand.
 *
 * <p>Nothing is scaled while images are embedded, so that a vector does not depend on its
 * neighbours in a batch.
 */
public final class EncoderQuantization {

  private final ModelStore store;
  private final DecodeLimits limits;
  private final PackageAssembler assembler;

  /**
   * @param limits what one of the images may cost
   */
  public EncoderQuantization(ModelStore store, DecodeLimits limits, Clock clock) {
    this.store = store;
    this.limits = limits;
    this.assembler = new PackageAssembler(clock);
  }

  /**
   * Quantises, compares with the original, and publishes.
   *
   * @throws QuantizationException if it cannot be done, or the result is too far from the original
   * @throws dev.likeness.encoders.runtime.ModelLoadException if ONNX Runtime refuses a graph
   * @throws dev.likeness.encoders.store.ModelStoreException if a file of the source is damaged, or
   *     the store cannot be written
   */
  public QuantizationResult run(QuantizationRequest request, QuantizationProgress progress) {
    request.source().checkHashes();
    Path folder = null;
    try {
      folder = Files.createTempDirectory("likeness-quantize-");
      return run(request, progress, folder);
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "the temporary folder for the graph cannot be used; make room", failed);
    } finally {
      if (folder != null) {
        remove(folder);
      }
    }
  }

  private QuantizationResult run(
      QuantizationRequest request, QuantizationProgress progress, Path folder) throws IOException {
    EncoderCard card = request.source().card();
    if (card.ensemble() != null) {
      throw new QuantizationException(
          QuantizationException.Reason.ENSEMBLE,
          "'%s' is an ensemble; quantize its members and join those"
              .formatted(request.source().version()));
    }
    progress.step("simplifying the graph");
    IntegerGraph graph =
        IntegerGraph.read(SimplifiedGraph.write(request.source().onnxPath(), folder), folder);
    progress.step("looking for images in " + request.images());
    CalibrationImages images =
        CalibrationImages.of(
            request.images(),
            request.imageCount(),
            new InputPreparation(List.of(card.preprocess())),
            limits);
    int runs = 2 * images.calibration().size() + images.heldOut().size();
    progress.step(
        "measuring the ranges of %d tensors on %d images"
            .formatted(graph.measured().size(), images.calibration().size()));
    Map<String, AffineScale> scales =
        new Calibration(card, images)
            .measure(
                graph.original(), folder, graph.measured(), done -> progress.images(done, runs));
    Path file = folder.resolve("encoder.onnx");
    Map<String, Path> dataFiles = graph.write(scales, file, folder);
    progress.step("comparing with float32 on %d other images".formatted(images.heldOut().size()));
    int[] done = {2 * images.calibration().size()};
    Fidelity fidelity =
        FidelityCheck.compare(
            card,
            request.source().onnxPath(),
            file,
            images,
            () -> progress.images(++done[0], runs));
    FidelityCheck.require(fidelity, request.force(), progress::step);
    progress.step("publishing");
    PackageDraft draft =
        assembler.assemble(
            describe(request, graph, images, fidelity), Files.readAllBytes(file), dataFiles);
    return new QuantizationResult(store.publish(draft), fidelity);
  }

  private static EncoderDescription describe(
      QuantizationRequest request,
      IntegerGraph graph,
      CalibrationImages images,
      Fidelity fidelity) {
    ModelPackage source = request.source();
    EncoderCard card = source.card();
    List<String> notes = new ArrayList<>(card.notes() == null ? List.of() : card.notes());
    notes.add(
        String.format(
            Locale.ROOT,
            "%d layers compute in 8-bit integers, ranges from %d images; mean cosine to %s %.4f,"
                + " least %.4f, on %d others",
            graph.layers(),
            images.calibration().size(),
            source.version(),
            fidelity.meanCosine(),
            fidelity.minCosine(),
            fidelity.images()));
    return new EncoderDescription(
        request.name(),
        card.architecture(),
        card.preprocess(),
        card.inputTensor(),
        card.outputTensor(),
        card.pooling(),
        card.projection(),
        new Origin(
            "quantization",
            card.origin().trained(),
            source.version().toString(),
            source.fingerprint().value(),
            null,
            images.hash(),
            null,
            Map.of(
                "calibration_images",
                (double) images.calibration().size(),
                "held_out_images",
                (double) fidelity.images(),
                "mean_cosine",
                fidelity.meanCosine(),
                "min_cosine",
                fidelity.minCosine()),
            card.origin().licence()),
        notes);
  }

  private static void remove(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException left) {
      System.getLogger(EncoderQuantization.class.getName())
          .log(System.Logger.Level.WARNING, "the temporary folder {0} is left", folder);
    }
  }
}
