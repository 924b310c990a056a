package dev.likeness.gateway.run;

import org.jspecify.annotations.Nullable;

/**
 * Scores of a submission: means over the queries that have labels. Null is unknown, never 0.
 *
 * @param top1 share of queries with a right image first
 * @param top5 among the first 5; null if fewer were given
 * @param top10 among the first 10; null if fewer were given
 * @param precisionAt10 mean share of right images among the first 10
 * @param mapAt10 mean average precision at 10, divided by min(R, 10)
 * @param score 600 top1 + 300 top5 + 100 top10, 0 to 1000
 * @param mrr mean reciprocal rank within the given names
 * @param queries queries counted
 * @param scoreLow lower end of the 95 % bootstrap interval of the score
 * @param scoreHigh upper end
 */
public record RunScores(
    double top1,
    @Nullable Double top5,
    @Nullable Double top10,
    @Nullable Double precisionAt10,
    @Nullable Double mapAt10,
    @Nullable Double score,
    double mrr,
    int queries,
    @Nullable Double scoreLow,
    @Nullable Double scoreHigh) {}
