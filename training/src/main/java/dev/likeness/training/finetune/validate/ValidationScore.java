package dev.likeness.training.finetune.validate;

/**
 * Retrieval among held-out images.
 *
 * @param score 600 · top-1 + 300 · top-5 + 100 · top-10
 * @param top1 share of queries whose first answer is right, [0, 1]
 * @param top5 share with a right one among five
 * @param top10 share with a right one among ten
 * @param precisionAt10 mean share of right ones among the first ten
 * @param meanAveragePrecision at 10, over as many places as could be right
 * @param queries how many asked
 * @param gallery how many images each searched
 */
public record ValidationScore(
    double score,
    double top1,
    double top5,
    double top10,
    double precisionAt10,
    double meanAveragePrecision,
    int queries,
    int gallery) {

  /**
   * What epochs are compared by, [0, 1]: the mean of score and mean average precision. The score of
   * few queries moves in coarse steps and is soon at its top; the order behind the first answer
   * still tells epochs apart.
   */
  public double quality() {
    return (score / 1000 + meanAveragePrecision) / 2;
  }
}
