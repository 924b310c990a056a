package dev.likeness.trainer.job;

/**
 * A worker's right to change a running job, until somebody else takes the job over.
 *
 * @param job as it was when it was claimed
 * @param owner who holds it
 * @param token fencing token: each claim of a job has a higher one, and only the highest may change
 *     the job
 * @param fruitlessAttempts attempts before this one since the last that got further than all before
 *     it
 */
public record Claim(TrainingJob job, String owner, long token, int fruitlessAttempts) {}
