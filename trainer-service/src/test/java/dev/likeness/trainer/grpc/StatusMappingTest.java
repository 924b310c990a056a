package dev.likeness.trainer.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.service.ServiceFailure;
import dev.likeness.trainer.job.InvalidDatasetException;
import dev.likeness.trainer.job.InvalidJobException;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.TrainingSpec;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;

class StatusMappingTest {

  final StatusMapping mapping = new StatusMapping();

  @Test
  void namesTheFieldThatIsWrong() {
    ServiceFailure failure = mapping.failure(new InvalidJobException("spec.encoder", "no"));
    assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(failure.field()).isEqualTo("spec.encoder");
    ServiceFailure dataset = mapping.failure(new InvalidDatasetException("gone"));
    assertThat(dataset.reason()).isEqualTo("DATASET_INVALID");
    assertThat(dataset.field()).isEqualTo("spec.dataset_path");
  }

  @Test
  void hidesWhatItDoesNotKnow() {
    ServiceFailure failure = mapping.failure(new IllegalArgumentException("secret"));
    assertThat(failure.code()).isEqualTo(Code.INTERNAL);
    assertThat(failure.message()).doesNotContain("secret");
  }

  @Test
  void givesASpecBackAsItCame() {
    for (Integer dimension : new Integer[] {null, 64}) {
      TrainingSpec spec =
          new TrainingSpec(
              "/data",
              new EncoderName("a"),
              new EncoderName("b"),
              -7,
              new Method.PcaWhitening(dimension));
      assertThat(TrainerMessages.specOf(TrainerMessages.messageOf(spec))).isEqualTo(spec);
    }
  }
}
