package dev.likeness.benchmarks.embedding;

import dev.likeness.benchmarks.measure.TemporaryFolder;
import dev.likeness.encoders.architecture.Architecture;
import dev.likeness.encoders.architecture.ArchitectureCatalog;
import dev.likeness.encoders.architecture.FormulaWeights;
import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.architecture.Network;
import dev.likeness.encoders.architecture.NetworkFiles;
import dev.likeness.encoders.architecture.NetworkWriter;
import dev.likeness.encoders.imports.ImportRequest;
import dev.likeness.encoders.imports.OnnxImport;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Encoders to measure: a network by name with formula weights, or any ONNX file. */
public final class FormulaEncoder {

  private static final String FILE = ".onnx";

  /** Keeps the values of deep convolutional networks in range. */
  private static final double CONVOLUTION_GAIN = Math.sqrt(2);

  private FormulaEncoder() {}

  /**
   * Publishes an encoder in a store.
   *
   * @param name of a network, or the path of an ONNX file with the usual preprocessing
   */
  public static ModelPackage publish(ModelStore store, String name) throws IOException {
    if (name.equals(LikenessMini.NAME.value())) {
      return LikenessMini.publishTo(store, 1);
    }
    return name.endsWith(FILE) ? imported(store, Path.of(name)) : built(store, name);
  }

  private static ModelPackage imported(ModelStore store, Path file) {
    ImportRequest request =
        new ImportRequest(
            file, new EncoderName("imported"), PreprocessSpec.imagenet(), null, Pooling.NONE);
    return new OnnxImport(store).run(request, unused -> {}).model();
  }

  private static ModelPackage built(ModelStore store, String name) throws IOException {
    Architecture architecture = ArchitectureCatalog.require(name);
    Network network = architecture.build();
    Path folder = Files.createTempDirectory("likeness-bench-weights-");
    NetworkFiles files =
        new NetworkWriter().write(network, new FormulaWeights(CONVOLUTION_GAIN), folder);
    EncoderDescription description =
        new EncoderDescription(
            new EncoderName(name),
            name,
            architecture.preprocess(),
            Network.INPUT,
            Network.OUTPUT,
            network.options().pooling(),
            null,
            new Origin("architecture", false, null, null, null, null, null, null),
            List.of("the weights are computed from the names of the tensors"));
    ModelPackage model =
        store.publish(
            new PackageAssembler(Clock.systemUTC())
                .assemble(description, files.onnx(), files.dataFiles()));
    TemporaryFolder.delete(folder);
    return model;
  }
}
