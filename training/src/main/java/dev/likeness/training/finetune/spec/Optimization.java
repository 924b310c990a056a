package dev.likeness.training.finetune.spec;

import java.util.function.Consumer;

/**
 * How weights are moved. AdamW; the rate rises linearly, then falls to 0 by half a cosine.
 *
 * @param learningRate highest rate of the head, above 0; a tenth of it after a stage of its own
 * @param backboneShare rate of the last block as a share of the head's, in (0, 1]
 * @param layerDecay factor on the rate from each block to the one before it, in (0, 1]
 * @param weightDecay decoupled, at least 0
 * @param warmUpShare share of all steps in which the rate rises, in [0, 1)
 * @param accumulation batches whose gradients are added up before each update, at least 1
 * @param batchStatistics whether batch normalisation in the trained part uses each batch's mean and
 *     deviation and collects them; otherwise it keeps those of the encoder, which is safer for
 *     small batches and small sets
 * @param clipNorm largest length of the whole gradient, above 0; longer ones are shortened
 * @param stochasticDepth share of images for which a step leaves out the last residual branch, [0,
 *     1); earlier branches less, in proportion to their depth, and frozen ones never
 */
public record Optimization(
    double learningRate,
    double backboneShare,
    double layerDecay,
    double weightDecay,
    double warmUpShare,
    int accumulation,
    double clipNorm,
    boolean batchStatistics,
    double stochasticDepth) {

  public Optimization {
    require(
        learningRate > 0 && learningRate <= 1e6,
        "learning rate must be above 0 and at most 1000000",
        learningRate);
    require(
        backboneShare > 0 && backboneShare <= 1, "backbone share must be in (0, 1]", backboneShare);
    require(layerDecay > 0 && layerDecay <= 1, "layer decay must be in (0, 1]", layerDecay);
    require(weightDecay >= 0 && weightDecay < 1e6, "weight decay must be at least 0", weightDecay);
    require(warmUpShare >= 0 && warmUpShare < 1, "warm-up share must be in [0, 1)", warmUpShare);
    require(accumulation >= 1, "accumulation must be at least 1", accumulation);
    require(clipNorm > 0, "clip norm must be above 0", clipNorm);
    require(
        stochasticDepth >= 0 && stochasticDepth < 1,
        "stochastic depth must be in [0, 1)",
        stochasticDepth);
  }

  public static Optimization defaults() {
    return new Optimization(0.05, 0.002, 0.9, 0.05, 0.1, 1, 5, false, 0);
  }

  public Optimization withLearningRate(double rate) {
    return with(fields -> fields.learningRate = rate);
  }

  public Optimization withBackboneShare(double share) {
    return with(fields -> fields.backboneShare = share);
  }

  public Optimization withLayerDecay(double decay) {
    return with(fields -> fields.layerDecay = decay);
  }

  public Optimization withWeightDecay(double decay) {
    return with(fields -> fields.weightDecay = decay);
  }

  public Optimization withAccumulation(int batches) {
    return with(fields -> fields.accumulation = batches);
  }

  public Optimization withBatchStatistics(boolean used) {
    return with(fields -> fields.batchStatistics = used);
  }

  public Optimization withStochasticDepth(double rate) {
    return with(fields -> fields.stochasticDepth = rate);
  }

  private static void require(boolean holds, String rule, Number value) {
    if (!holds) {
      throw new IllegalArgumentException("%s, got %s".formatted(rule, value));
    }
  }

  private Optimization with(Consumer<Fields> change) {
    Fields fields = new Fields(this);
    change.accept(fields);
    return fields.build();
  }

  /** The components while one of them is changed. */
  private static final class Fields {
    private double learningRate;
    private double backboneShare;
    private double layerDecay;
    private double weightDecay;
    private double warmUpShare;
    private int accumulation;
    private double clipNorm;
    private boolean batchStatistics;
    private double stochasticDepth;

    Fields(Optimization start) {
      learningRate = start.learningRate;
      backboneShare = start.backboneShare;
      layerDecay = start.layerDecay;
      weightDecay = start.weightDecay;
      warmUpShare = start.warmUpShare;
      accumulation = start.accumulation;
      clipNorm = start.clipNorm;
      batchStatistics = start.batchStatistics;
      stochasticDepth = start.stochasticDepth;
    }

    Optimization build() {
      return new Optimization(
          learningRate,
          backboneShare,
          layerDecay,
          weightDecay,
          warmUpShare,
          accumulation,
          clipNorm,
          batchStatistics,
          stochasticDepth);
    }
  }
}
