package dev.likeness.index.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BeamTest {

  private final Beam beam = new Beam();

  @Test
  void keepsTheBestInOrderWithTheirScores() {
    beam.clear(3);
    float[] scores = {0.5f, -2, 0, 7, -0.25f};
    for (int node = 0; node < scores.length; node++) {
      if (scores[node] > beam.threshold()) {
        beam.add(node, scores[node], true);
      }
    }
    assertThat(nodes()).containsExactly(3, 0, 2);
    assertThat(beam.score(0)).isEqualTo(7);
    assertThat(beam.score(2)).isEqualTo(0);
    assertThat(beam.threshold()).isEqualTo(0);
  }

  @Test
  void keepsNodesOnTheWayUntilEnoughMayBeAnswered() {
    beam.clear(2);
    beam.add(1, 0.9f, false);
    beam.add(2, 0.8f, true);
    beam.add(3, 0.7f, false);
    assertThat(beam.threshold()).isEqualTo(Float.NEGATIVE_INFINITY);
    beam.add(4, 0.75f, true);
    assertThat(nodes()).containsExactly(1, 2, 4);
    assertThat(beam.threshold()).isEqualTo(0.75f);
  }

  @Test
  void expandsTheBestFirstAndEachOnce() {
    beam.clear(3);
    beam.add(1, 0.1f, true);
    beam.add(2, 0.2f, true);
    assertThat(beam.next()).isEqualTo(2);
    beam.add(3, 0.3f, true);
    assertThat(List.of(beam.next(), beam.next(), beam.next())).containsExactly(3, 1, -1);
  }

  private List<Integer> nodes() {
    List<Integer> nodes = new ArrayList<>();
    for (int i = 0; i < beam.size(); i++) {
      nodes.add(beam.node(i));
    }
    return nodes;
  }
}
