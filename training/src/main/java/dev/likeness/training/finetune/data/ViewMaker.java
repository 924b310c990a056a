package dev.likeness.training.finetune.data;

import dev.likeness.encoders.image.ImageDecodeException;
import dev.likeness.encoders.image.RgbImage;
import dev.likeness.encoders.preprocess.CenterCrop;
import dev.likeness.encoders.preprocess.ChannelOrder;
import dev.likeness.encoders.preprocess.PillowResize;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.Preprocessor;
import dev.likeness.training.finetune.spec.Augmentation;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * An image as the network gets it: as it is served, or changed at random. The same seed and
 * position give the same view. Safe for use by any number of threads.
 */
public final class ViewMaker {

  /** Tries for a crop that lies within the image, after which the centre is taken. */
  private static final int CROP_TRIES = 10;

  private static final double SMALLEST_ASPECT = 3.0 / 4;
  private static final double SMALLEST_ERASED = 0.02;
  private static final double LARGEST_ERASED = 0.2;

  private final ImageLoader loader;
  private final Preprocessor preprocessor;
  private final Augmentation augmentation;
  private final int[] styleSources;
  private final long seed;

  /**
   * @param styleSources images whose colours others may take; shared, read only
   */
  public ViewMaker(
      ImageLoader loader,
      PreprocessSpec spec,
      Augmentation augmentation,
      int[] styleSources,
      long seed) {
    this.loader = loader;
    this.preprocessor = new Preprocessor(spec);
    this.augmentation = augmentation;
    this.styleSources = styleSources.clone();
    this.seed = seed;
  }

  /** Floats of a view. */
  public int length() {
    return preprocessor.tensorLength();
  }

  /** Side of a view in pixels. */
  public int side() {
    return preprocessor.spec().cropSize();
  }

  /** The image as it is served. */
  public void served(int ordinal, float[] out, int offset) throws ImageDecodeException {
    preprocessor.apply(loader.load(ordinal), out, offset);
  }

  /**
   * @param positions where the view is used, such as epoch and place
   */
  public void augmented(int ordinal, float[] out, int offset, long... positions)
      throws ImageDecodeException {
    if (!augmentation.changes()) {
      served(ordinal, out, offset);
      return;
    }
    long[] key = Arrays.copyOf(positions, positions.length + 1);
    key[positions.length] = ordinal;
    SplittableRandom random = Randomness.of(seed, "view", key);
    RgbImage image = loader.load(ordinal);
    PixelPlanes planes = PixelPlanes.of(crop(image, random));
    if (random.nextDouble() < augmentation.flip()) {
      planes.mirror();
    }
    if (random.nextDouble() < augmentation.styleMixing()) {
      int other = styleSources[random.nextInt(styleSources.length)];
      planes.restyle(styleOf(other), random.nextFloat());
    }
    recolor(planes, random);
    if (random.nextDouble() < augmentation.blur()) {
      planes.blur(1 + random.nextInt(Math.max(1, side() / 96)));
    }
    if (random.nextDouble() < augmentation.erasing()) {
      erase(planes, random);
    }
    planes.clip();
    normalise(planes, out, offset);
  }

  private void recolor(PixelPlanes planes, SplittableRandom random) {
    if (augmentation.jitter() > 0) {
      planes.brighten(factor(random));
      planes.contrast(factor(random));
      planes.saturate(factor(random));
    }
    if (random.nextDouble() < augmentation.grayscale()) {
      planes.saturate(0);
    }
  }

  private float factor(SplittableRandom random) {
    return (float) (1 + augmentation.jitter() * (2 * random.nextDouble() - 1));
  }

  private ColorStyle styleOf(int ordinal) throws ImageDecodeException {
    RgbImage other = loader.load(ordinal);
    return PixelPlanes.of(centre(other)).style();
  }

  private RgbImage centre(RgbImage image) {
    CenterCrop crop = CenterCrop.of(preprocessor.spec(), image.width(), image.height());
    return PillowResize.resize(image, crop, preprocessor.spec().filter());
  }

  /** A random share of the area in a random shape (C. Szegedy et al., 2015). */
  private RgbImage crop(RgbImage image, SplittableRandom random) {
    if (augmentation.smallestCrop() == 1) {
      return centre(image);
    }
    double area = (double) image.width() * image.height();
    double widest = -2 * Math.log(SMALLEST_ASPECT);
    for (int attempt = 0; attempt < CROP_TRIES; attempt++) {
      double share =
          augmentation.smallestCrop() + (1 - augmentation.smallestCrop()) * random.nextDouble();
      double aspect = SMALLEST_ASPECT * Math.exp(widest * random.nextDouble());
      int width = (int) Math.round(Math.sqrt(area * share * aspect));
      int height = (int) Math.round(Math.sqrt(area * share / aspect));
      if (width >= 1 && height >= 1 && width <= image.width() && height <= image.height()) {
        int left = random.nextInt(image.width() - width + 1);
        int top = random.nextInt(image.height() - height + 1);
        RgbImage part = part(image, left, top, width, height);
        return PillowResize.resize(part, side(), side(), preprocessor.spec().filter());
      }
    }
    return centre(image);
  }

  private static RgbImage part(RgbImage image, int left, int top, int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    for (int y = 0; y < height; y++) {
      System.arraycopy(
          image.rgb(), ((top + y) * image.width() + left) * 3, rgb, y * width * 3, width * 3);
    }
    return new RgbImage(width, height, rgb);
  }

  /** Z. Zhong et al., 2020, "Random erasing". */
  private void erase(PixelPlanes planes, SplittableRandom random) {
    double share = SMALLEST_ERASED + (LARGEST_ERASED - SMALLEST_ERASED) * random.nextDouble();
    double aspect = Math.exp((2 * random.nextDouble() - 1) * Math.log(3));
    double area = share * side() * side();
    int width = Math.clamp(Math.round(Math.sqrt(area * aspect)), 1, side());
    int height = Math.clamp(Math.round(Math.sqrt(area / aspect)), 1, side());
    planes.erase(
        random.nextInt(side() - width + 1),
        random.nextInt(side() - height + 1),
        width,
        height,
        random);
  }

  private void normalise(PixelPlanes planes, float[] out, int offset) {
    PreprocessSpec spec = preprocessor.spec();
    int area = side() * side();
    float[] values = planes.values();
    for (int plane = 0; plane < 3; plane++) {
      int from = (spec.channelOrder() == ChannelOrder.RGB ? plane : 2 - plane) * area;
      float mean = spec.mean().get(plane);
      float std = spec.std().get(plane);
      for (int i = 0; i < area; i++) {
        out[offset + plane * area + i] = (values[from + i] / 255f - mean) / std;
      }
    }
  }
}
