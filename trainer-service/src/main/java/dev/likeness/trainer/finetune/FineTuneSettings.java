package dev.likeness.trainer.finetune;

import java.nio.file.Path;

/**
 * What the machine gives to fine-tunings.
 *
 * @param workFolder for checkpoints, a folder of its own per job
 * @param reportFolder for reports
 * @param threads of libtorch and of image decoding, at least 1
 * @param imageCacheBytes Java heap for decoded images, at least 0
 */
public record FineTuneSettings(
    Path workFolder, Path reportFolder, int threads, long imageCacheBytes) {}
