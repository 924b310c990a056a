package dev.likeness.benchmarks.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VectorDataTest {

  @ParameterizedTest
  @EnumSource(VectorData.Law.class)
  void drawsTheSameUnitVectorsFromTheSameSeed(VectorData.Law law) {
    VectorData data = VectorData.draw(law, 20, 5, 16, 7);
    VectorData again = VectorData.draw(law, 20, 5, 16, 7);
    VectorData other = VectorData.draw(law, 20, 5, 16, 8);
    assertThat(data.rows()).isDeepEqualTo(again.rows());
    assertThat(data.queries()).isDeepEqualTo(again.queries());
    assertThat(data.rows()[0]).isNotEqualTo(other.rows()[0]);
    for (float[] row : data.rows()) {
      double squares = 0;
      for (float value : row) {
        squares += value * value;
      }
      assertThat(squares).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void writesLittleEndianFloats(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("rows.f32");
    VectorData.write(file, new float[][] {{1, 2}, {3, -0.5f}});
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    float[] read = new float[4];
    bytes.asFloatBuffer().get(read);
    assertThat(bytes.capacity()).isEqualTo(16);
    assertThat(read).containsExactly(1, 2, 3, -0.5f);
  }
}
