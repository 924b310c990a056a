package dev.likeness.trainer.finetune;

import dev.likeness.training.finetune.spec.Device;
import java.nio.file.Path;

/**
 * What the machine gives to fine-tunings.
 *
 * @param workFolder for checkpoints, a folder of its own per job
 * @param reportFolder for reports
 * @param threads of libtorch and of image decoding, at least 1
 * @param imageCacheBytes Java heap for decoded images, at least 0
 * @param device for jobs that do not say; CPU for all of them if it is that
 */
public record FineTuneSettings(
    Path workFolder, Path reportFolder, int threads, long imageCacheBytes, Device device) {

  /** Where a job is trained that asked for something. */
  Device deviceFor(Device asked) {
    return device == Device.CPU || asked == Device.AUTO ? device : asked;
  }
}
