package dev.likeness.training.finetune.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CosineScheduleTest {

  @Test
  void risesThenFallsToNothing() {
    CosineSchedule schedule = new CosineSchedule(1, 3, 13);
    assertThat(schedule.rate(0)).isEqualTo(0.25);
    assertThat(schedule.rate(2)).isEqualTo(0.75);
    assertThat(schedule.rate(3)).isEqualTo(1);
    assertThat(schedule.rate(8)).isCloseTo(0.5, within(1e-12));
    assertThat(schedule.rate(13)).isCloseTo(0, within(1e-12));
  }

  @Test
  void oneUpdateHasNoWarmUp() {
    assertThat(CosineSchedule.of(2, 0.5, 1).rate(0)).isEqualTo(2);
  }
}
