package dev.likeness.training.finetune.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The block that a weight's name speaks of: the path up to its first part with a number, and the
 * number that stands alone behind it. So {@code layer1.0.conv1.weight} is of {@code layer1.0},
 * {@code encoder.layers.encoder_layer_3.mlp.0.weight} of {@code encoder.layers.encoder_layer_3}.
 */
final class BlockName {

  private BlockName() {}

  /** Empty where the name says nothing, such as {@code 475} or {@code onnx::MatMul_640}. */
  static Optional<String> of(String weight) {
    if (weight.contains("::")) {
      return Optional.empty();
    }
    List<String> parts = List.of(weight.split("[./]"));
    List<String> path = new ArrayList<>();
    for (int i = 0; i + 1 < parts.size(); i++) {
      path.add(parts.get(i));
      if (parts.get(i).chars().anyMatch(Character::isDigit)) {
        boolean numbered = !isNumber(parts.get(i)) || (i + 2 < parts.size() && i > 0);
        if (numbered && i + 2 < parts.size() && isNumber(parts.get(i + 1))) {
          path.add(parts.get(i + 1));
        }
        return Optional.of(String.join(".", path));
      }
    }
    return Optional.empty();
  }

  private static boolean isNumber(String part) {
    return !part.isEmpty() && part.chars().allMatch(Character::isDigit);
  }
}
