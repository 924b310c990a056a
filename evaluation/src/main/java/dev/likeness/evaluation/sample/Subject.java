package dev.likeness.evaluation.sample;

import java.util.List;

/**
 * Something that can be drawn again and again and stays the same thing: one class of a data set.
 */
sealed interface Subject permits Identity, House, Vehicle, Creature, Plant, Landscape, Ornament {

  /** Name of the class, fit for a folder. */
  String name();

  /**
   * The subject in a pose.
   *
   * @return its parts in figure units, about 2 wide and 2 high around (0, 0.1), from back to front
   */
  List<Part> parts(Pose pose);
}
