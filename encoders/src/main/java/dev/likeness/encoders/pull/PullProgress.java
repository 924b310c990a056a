package dev.likeness.encoders.pull;

/** Told how a pull goes. */
public interface PullProgress extends DownloadProgress {

  /** One short sentence per step. */
  void step(String sentence);
}
