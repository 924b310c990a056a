package dev.likeness.training.finetune.network;

import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.Parameter;
import dev.likeness.training.graph.ParameterRole;
import dev.likeness.training.torch.TorchScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A step that keeps only what passes between blocks and computes each block a second time for
 * backward (T. Chen et al., 2016, "Training deep nets with sublinear memory cost"). Gradients are
 * those of the plain step. Owned by one thread.
 */
public final class BlockwisePass {

  private final Network network;
  private final Mode mode;
  private final List<String> cuts;

  /**
   * @param mode of the trained blocks
   */
  public BlockwisePass(Network network, Mode mode) {
    this.network = network;
    this.mode = mode;
    this.cuts = new ArrayList<>(List.of(network.trainedFrom()));
    boolean inside = false;
    for (Block block : network.blocks()) {
      if (inside) {
        cuts.add(block.input());
      }
      inside |= block.input().equals(network.trainedFrom());
    }
  }

  /**
   * Adds the gradients of a loss.
   *
   * @param input value of the tensor behind which weights are trained, kept by the caller
   * @param loss takes the published vectors, computes the loss and goes backward through it
   * @return what the loss returned
   */
  public double gradients(Tensor input, ToDoubleFunction<Tensor> loss) {
    List<Tensor> boundaries = new ArrayList<>();
    boundaries.add(TorchScope.keep(input.detach()));
    try {
      for (int cut = 0; cut + 1 < cuts.size(); cut++) {
        try (TorchScope scope = TorchScope.withoutGradients()) {
          Tensor made = network.run(cuts.get(cut), boundaries.get(cut), cuts.get(cut + 1), mode);
          boundaries.add(TorchScope.keep(made));
        }
      }
      return backward(boundaries, loss);
    } finally {
      boundaries.forEach(TorchScope::free);
    }
  }

  private double backward(List<Tensor> boundaries, ToDoubleFunction<Tensor> loss) {
    int last = cuts.size() - 1;
    double number;
    Tensor start = boundaries.get(last).requires_grad_(last > 0);
    try (TorchScope scope = TorchScope.training()) {
      number = loss.applyAsDouble(network.run(cuts.get(last), start, network.output(), mode));
    }
    if (!Double.isFinite(number)) {
      return number;
    }
    try (WeightCopy statistics = WeightCopy.of(statistics())) {
      for (int cut = last - 1; cut >= 0; cut--) {
        try (TorchScope scope = TorchScope.training()) {
          Tensor gradient = boundaries.get(cut + 1).grad();
          Tensor from = boundaries.get(cut).requires_grad_(cut > 0);
          Tensor made = network.run(cuts.get(cut), from, cuts.get(cut + 1), mode);
          torch.backward(
              new TensorVector(made),
              new TensorVector(gradient),
              new BoolOptional(),
              false,
              new TensorVector());
        }
        // Nobody needs it any more, and it may be large.
        TorchScope.free(boundaries.remove(cut + 1));
      }
      // The first pass has moved them already.
      statistics.restore(network.parameters());
    }
    return number;
  }

  private List<Parameter> statistics() {
    return mode == Mode.EVAL
        ? List.of()
        : network.parameters().all().stream()
            .filter(parameter -> parameter.role() == ParameterRole.RUNNING_STAT)
            .toList();
  }
}
