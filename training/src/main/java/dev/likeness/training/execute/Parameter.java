package dev.likeness.training.execute;

import dev.likeness.training.graph.ParameterRole;
import dev.likeness.training.torch.TorchScope;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** A float tensor of the network, kept from step to step. Owned by its store's thread. */
public final class Parameter {

  private final String name;
  private final ParameterRole role;
  private final Tensor tensor;

  Parameter(String name, ParameterRole role, Tensor tensor) {
    this.name = name;
    this.role = role;
    this.tensor = TorchScope.keep(tensor);
  }

  public String name() {
    return name;
  }

  public ParameterRole role() {
    return role;
  }

  /** The values; changed in place by optimizers and by batch normalisation. */
  public Tensor tensor() {
    return tensor;
  }

  public boolean trainable() {
    return tensor.requires_grad();
  }

  /** What backward left here; empty if it did not come by. */
  public Optional<Tensor> gradient() {
    Tensor gradient = tensor.grad();
    return gradient.defined() ? Optional.of(gradient) : Optional.empty();
  }

  void setTrainable(boolean trainable) {
    tensor.set_requires_grad(trainable && role.trainable());
    if (!trainable) {
      clearGradient();
    }
  }

  void clearGradient() {
    if (tensor.grad().defined()) {
      tensor.mutable_grad().put(new Tensor());
    }
  }

  void free() {
    TorchScope.free(tensor);
  }
}
