package dev.likeness.embedder.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BatchTensorsTest {

  private final BatchTensors tensors =
      new BatchTensors(2, new BatchingLimits(10, 4, Duration.ZERO, 1, 3));

  @Test
  void oneImageIsUsedWhereItLies() {
    PendingImage image = image(1, 2);
    float[] tensor = image.tensor;
    assertThat(tensors.join(List.of(image))).isSameAs(tensor);
    assertThat(image.tensor).isNull();
  }

  @Test
  void severalAreCopiedSideBySideAndFreeTheirTensors() {
    // Given: all tensors are in use
    List<PendingImage> batch = List.of(image(1, 2), image(3, 4), image(5, 6));
    assertThat(tensors.tryTake()).isNull();

    // When
    float[] joined = tensors.join(batch);

    // Then
    assertThat(joined).startsWith(1, 2, 3, 4, 5, 6).hasSize(8);
    assertThat(tensors.tryTake()).isNotNull();
    tensors.giveBack(batch, joined);
    assertThat(tensors.join(List.of(image(7, 8), image(9, 9)))).isSameAs(joined);
  }

  private PendingImage image(float first, float second) {
    PendingImage image = new PendingImage(new byte[0], null, 0);
    float[] tensor = Objects.requireNonNull(tensors.tryTake());
    tensor[0] = first;
    tensor[1] = second;
    image.tensor = tensor;
    return image;
  }
}
