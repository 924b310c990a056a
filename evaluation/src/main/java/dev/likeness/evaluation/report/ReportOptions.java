package dev.likeness.evaluation.report;

/**
 * How large a report may grow.
 *
 * @param thumbnailPixels longer side of a thumbnail, 16 to 512
 * @param maxThumbnails number of different images shown; the worst queries come first, later ones
 *     are listed by name
 */
public record ReportOptions(int thumbnailPixels, int maxThumbnails) {
  /** 128 pixels and 2,000 images: about 10 MB. */
  public static final ReportOptions DEFAULT = new ReportOptions(128, 2000);

  public ReportOptions {
    if (thumbnailPixels < 16 || thumbnailPixels > 512) {
      throw new IllegalArgumentException(
          "thumbnailPixels is between 16 and 512, got " + thumbnailPixels);
    }
    if (maxThumbnails < 0) {
      throw new IllegalArgumentException("maxThumbnails is at least 0, got " + maxThumbnails);
    }
  }
}
