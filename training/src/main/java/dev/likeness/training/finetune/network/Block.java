package dev.likeness.training.finetune.network;

import java.util.Set;

/**
 * Consecutive nodes that are frozen or trained together.
 *
 * @param name for people
 * @param input tensor through which all that comes before reaches the block
 * @param parameters names of its initializers
 */
public record Block(String name, String input, Set<String> parameters) {

  public Block {
    parameters = Set.copyOf(parameters);
  }
}
