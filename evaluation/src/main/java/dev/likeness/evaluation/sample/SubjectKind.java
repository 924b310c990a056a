package dev.likeness.evaluation.sample;

/** Kinds of things that can be drawn. */
public enum SubjectKind {
  /** Heads and shoulders of people. */
  PEOPLE {
    @Override
    Subject subject(int number, long seed) {
      return Identity.of(number, seed);
    }
  },
  /** Houses and towers. */
  HOUSES {
    @Override
    Subject subject(int number, long seed) {
      return House.of(number, seed);
    }
  },
  /** Cars, buses and lorries from the side. */
  VEHICLES {
    @Override
    Subject subject(int number, long seed) {
      return Vehicle.of(number, seed);
    }
  },
  /** Four-legged animals from the side. */
  CREATURES {
    @Override
    Subject subject(int number, long seed) {
      return Creature.of(number, seed);
    }
  },
  /** Plants in pots. */
  PLANTS {
    @Override
    Subject subject(int number, long seed) {
      return Plant.of(number, seed);
    }
  },
  /** Hills, water and trees under a sky. */
  LANDSCAPES {
    @Override
    Subject subject(int number, long seed) {
      return Landscape.of(number, seed);
    }
  },
  /** Forms that mean nothing. */
  ORNAMENTS {
    @Override
    Subject subject(int number, long seed) {
      return Ornament.of(number, seed);
    }
  };

  /**
   * One subject of this kind. Equal numbers and seeds give equal subjects.
   *
   * @param number 0, 1, 2 …; neighbours look different
   * @param seed of what chance decides
   */
  abstract Subject subject(int number, long seed);
}
