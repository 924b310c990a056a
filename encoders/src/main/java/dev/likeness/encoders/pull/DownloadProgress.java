package dev.likeness.encoders.pull;

import java.util.OptionalLong;

/** Told how a download goes, from the thread that downloads. */
public interface DownloadProgress {

  /** Nobody listens. */
  DownloadProgress NONE = (received, total) -> {};

  /**
   * @param received bytes so far, those of earlier attempts included
   * @param total bytes of the file, if the server says it
   */
  void received(long received, OptionalLong total);
}
