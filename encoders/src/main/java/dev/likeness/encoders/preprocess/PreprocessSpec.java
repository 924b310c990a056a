package dev.likeness.encoders.preprocess;

import java.util.List;

/**
 * How pixels become a network's input. Part of an encoder's fingerprint: every value changes
 * vectors.
 *
 * @param resizeShorterSide pixels; the longer side follows as floor(resize × longer / shorter)
 * @param cropSize pixels, side of the centre square; at most resizeShorterSide
 * @param filter interpolation of the resize
 * @param cropOffset rounding of an odd margin
 * @param mean three values in the order of the planes, on the scale 0 to 1; subtracted
 * @param std three positive values in the order of the planes, on the scale 0 to 1; divided by
 * @param channelOrder colour of the first plane
 * @param orientation which way up the image is taken; {@link Orientation#STORED} where a card of an
 *     earlier version says nothing
 */
public record PreprocessSpec(
    int resizeShorterSide,
    int cropSize,
    ResizeFilter filter,
    CropOffset cropOffset,
    List<Float> mean,
    List<Float> std,
    ChannelOrder channelOrder,
    Orientation orientation) {

  public static final List<Float> IMAGENET_MEAN = List.of(0.485f, 0.456f, 0.406f);
  public static final List<Float> IMAGENET_STD = List.of(0.229f, 0.224f, 0.225f);

  /** No network of interest takes larger images, and 3 × 4096² floats are already 200 MB. */
  private static final int LARGEST_SIDE = 4096;

  @SuppressWarnings("NullAway") // a card without the field is read as null
  public PreprocessSpec {
    orientation = orientation == null ? Orientation.STORED : orientation;
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (cropSize < 1 || cropSize > resizeShorterSide || resizeShorterSide > LARGEST_SIDE) {
      throw new IllegalArgumentException(
          "size must be at least 1 and at most resize, resize at most %d; got size %d, resize %d"
              .formatted(LARGEST_SIDE, cropSize, resizeShorterSide));
    }
    if (mean.size() != 3 || mean.stream().anyMatch(value -> !Float.isFinite(value))) {
      throw new IllegalArgumentException("mean needs 3 finite values, got " + mean);
    }
    if (std.size() != 3 || std.stream().anyMatch(value -> !(value > 0) || value.isInfinite())) {
      throw new IllegalArgumentException("std needs 3 positive values, got " + std);
    }
  }

  /** The usual case: RGB, torchvision's crop. */
  public static PreprocessSpec of(
      int resizeShorterSide, int cropSize, ResizeFilter filter, List<Float> mean, List<Float> std) {
    return new PreprocessSpec(
        resizeShorterSide,
        cropSize,
        filter,
        CropOffset.ROUND_HALF_EVEN,
        mean,
        std,
        ChannelOrder.RGB,
        Orientation.STORED);
  }

  /** The same for images taken another way up. */
  public PreprocessSpec with(Orientation otherOrientation) {
    return new PreprocessSpec(
        resizeShorterSide, cropSize, filter, cropOffset, mean, std, channelOrder, otherOrientation);
  }

  /** Floats of one image's tensor: 3 × cropSize². */
  public int tensorLength() {
    return 3 * cropSize * cropSize;
  }

  /** 256 to 224, bilinear, ImageNet statistics: torchvision's first generation of weights. */
  public static PreprocessSpec imagenet() {
    return of(256, 224, ResizeFilter.BILINEAR, IMAGENET_MEAN, IMAGENET_STD);
  }
}
