package dev.likeness.trainer.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.trainer.job.InvalidJobException;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.v1.FineTuneMethod;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.Objective;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.finetune.spec.ValidationSplit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FineTuneMessagesTest {

  private static Method.FineTune method(UnaryOperator<FineTuneMethod.Builder> values) {
    return FineTuneMessages.methodOf(values.apply(FineTuneMethod.newBuilder()).build(), 9);
  }

  @Test
  void fillsTheDefaultsOfTheLibraryIn() {
    FineTuneSpec spec = method(message -> message).spec();
    FineTuneSpec usual = FineTuneSpec.of(new TrainedScope.Head());
    assertThat(spec.withExecution(usual.execution())).isEqualTo(usual.withSeed(9));
  }

  @Test
  void readsEveryValue() {
    FineTuneSpec spec =
        method(
                message ->
                    message
                        .setTrain("last:2")
                        .setLoss("arcface")
                        .setEpochs(7)
                        .setHeadEpochs(0)
                        .setLearningRate(0.01)
                        .setClassesPerBatch(3)
                        .setImagesPerClass(5)
                        .setLabelSmoothing(0)
                        .setBackboneShare(0.5)
                        .setLayerDecay(0.75)
                        .setWeightDecay(0)
                        .setAccumulation(4)
                        .setProjectionDimension(0)
                        .setDropout(0.1)
                        .setStochasticDepth(0.2)
                        .setEmaDecay(0)
                        .setMixWithStart(false)
                        .setAugmentation(false)
                        .setValidationBy("class")
                        .setValidationShare(0.3)
                        .setPatienceEpochs(2)
                        .setDevice("cpu")
                        .setBfloat16(true)
                        .setActivationCheckpointing(true))
            .spec();
    assertThat(spec.scope()).isEqualTo(new TrainedScope.LastBlocks(2));
    assertThat(spec.objective()).isEqualTo(Objective.ARC_FACE);
    assertThat(spec.head().projectionDimension()).isNull();
    assertThat(spec.validation()).isEqualTo(new ValidationSplit(ValidationSplit.By.CLASS, 0.3, 2));
    assertThat(spec.augmentation().changes()).isFalse();
    assertThat(spec.optimization().stochasticDepth()).isEqualTo(0.2);
    Method.FineTune method = new Method.FineTune(spec);
    assertThat(FineTuneMessages.methodOf(FineTuneMessages.messageOf(method), 9)).isEqualTo(method);
  }

  @Test
  void namesTheFieldThatBreaksItsRule() {
    assertRefused("train", message -> message.setTrain("last:0"));
    assertRefused("loss", message -> message.setLoss("hinge"));
    assertRefused("epochs", message -> message.setEpochs(0));
    assertRefused("head_epochs", message -> message.setHeadEpochs(-1));
    assertRefused("learning_rate", message -> message.setLearningRate(Double.NaN));
    assertRefused("learning_rate", message -> message.setLearningRate(-1));
    assertRefused("classes_per_batch", message -> message.setClassesPerBatch(1));
    assertRefused("images_per_class", message -> message.setImagesPerClass(1));
    assertRefused("label_smoothing", message -> message.setLabelSmoothing(1));
    assertRefused("backbone_share", message -> message.setBackboneShare(0));
    assertRefused("layer_decay", message -> message.setLayerDecay(2));
    assertRefused("stochastic_depth", message -> message.setStochasticDepth(1));
    assertRefused("weight_decay", message -> message.setWeightDecay(-1));
    assertRefused("accumulation", message -> message.setAccumulation(0));
    assertRefused("projection_dimension", message -> message.setProjectionDimension(-5));
    assertRefused("dropout", message -> message.setDropout(1));
    assertRefused("ema_decay", message -> message.setEmaDecay(1));
    assertRefused("validation_by", message -> message.setValidationBy("colour"));
    assertRefused("validation_share", message -> message.setValidationShare(0.9));
    assertRefused("patience_epochs", message -> message.setPatienceEpochs(0));
    assertRefused("device", message -> message.setDevice("tpu"));
  }

  private static void assertRefused(String field, UnaryOperator<FineTuneMethod.Builder> values) {
    assertThatThrownBy(() -> method(values))
        .isInstanceOfSatisfying(
            InvalidJobException.class,
            e -> {
              assertThat(e.field()).isEqualTo("spec.fine_tune." + field);
              assertThat(e.getMessage()).startsWith(field + ": ").doesNotContain("dev.likeness");
            });
  }
}
