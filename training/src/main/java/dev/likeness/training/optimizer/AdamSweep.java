package dev.likeness.training.optimizer;

import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam's update in one sweep over memory, by libtorch's fused operator: operator by operator, each
 * of a dozen would read and write all weights anew. For use inside one scope without gradients.
 */
final class AdamSweep {

  private final AdamSettings settings;
  private final OperatorHandle operator;
  private final Type.TypePtr tensorType;

  /** The four tensors of one weight, all laid out alike in memory. */
  record Update(Tensor weight, Tensor gradient, Tensor first, Tensor second) {

    /** The operator goes through memory without a look at strides. */
    static Update of(Tensor weight, Tensor gradient, Tensor first, Tensor second) {
      Tensor alike =
          laidOutAlike(weight, gradient) ? gradient : torch.empty_like(weight).copy_(gradient);
      return new Update(weight, alike, first, second);
    }

    private static boolean laidOutAlike(Tensor weight, Tensor gradient) {
      for (int axis = 0; axis < weight.ndimension(); axis++) {
        if (weight.size(axis) > 1 && weight.stride(axis) != gradient.stride(axis)) {
          return false;
        }
      }
      return true;
    }
  }

  AdamSweep(AdamSettings settings) {
    this.settings = settings;
    this.operator =
        Dispatcher.singleton()
            .findSchemaOrThrow(
                settings.weightDecay() > 0 ? "aten::_fused_adamw_" : "aten::_fused_adam_", "");
    this.tensorType = operator.schema().arguments().position(0).type().get().containedType(0);
  }

  /**
   * Updates weights and moments in place.
   *
   * @param step of all these weights, counted from 1
   */
  void run(List<Update> updates, double rate, long step) {
    Tensor steps =
        Tensors.of(new float[] {step}, new long[0], FloatType.FLOAT32)
            .to(updates.getFirst().weight().device(), FloatType.FLOAT32.scalarType());
    operator.callBoxed(
        new IValueVector(
            each(updates, Update::weight),
            each(updates, Update::gradient),
            each(updates, Update::first),
            each(updates, Update::second),
            new IValue(new GenericList(tensorType)),
            each(updates, unused -> steps),
            new IValue(rate),
            new IValue(settings.beta1()),
            new IValue(settings.beta2()),
            new IValue(settings.weightDecay()),
            new IValue(settings.epsilon()),
            new IValue(false),
            new IValue(false),
            new IValue(),
            new IValue()));
  }

  private IValue each(List<Update> updates, Function<Update, Tensor> part) {
    GenericList tensors = new GenericList(tensorType);
    for (Update update : updates) {
      tensors.push_back(new IValue(part.apply(update)));
    }
    return new IValue(tensors);
  }
}
