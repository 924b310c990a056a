package dev.likeness.evaluation.sample;

import java.awt.Color;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What stays the same in every picture of one identity. Lengths are in figure units: the head is
 * about 1.3 high.
 *
 * @param name name of the class
 * @param skin colour of the skin
 * @param hair colour of hair, brows and beard
 * @param hairStyle how the hair is worn
 * @param eyes colour of the iris
 * @param cloth colour of the clothes
 * @param accent second colour: pattern, hat, frame of the glasses
 * @param pattern pattern of the clothes
 * @param headWidth half width of the head, 0.42 to 0.58
 * @param jaw 0.45 pointed to 1 square
 * @param eyeDistance half distance of the eyes
 * @param eyeSize half width of an eye
 * @param eyeRoundness height of an eye by its width
 * @param nose length of the nose
 * @param mouthWidth half width of the mouth
 * @param browTilt slope of the brows; positive looks cross
 * @param glasses kind of glasses
 * @param beard kind of beard
 * @param freckles whether the cheeks have freckles
 */
record Identity(
    String name,
    Color skin,
    Color hair,
    HairStyle hairStyle,
    Color eyes,
    Color cloth,
    Color accent,
    Pattern pattern,
    double headWidth,
    double jaw,
    double eyeDistance,
    double eyeSize,
    double eyeRoundness,
    double nose,
    double mouthWidth,
    double browTilt,
    Glasses glasses,
    Beard beard,
    boolean freckles)
    implements Subject {

  enum HairStyle {
    LONG,
    SPIKES,
    BUN,
    CROP,
    CURLS,
    BEANIE,
    BOB,
    MOHAWK,
    BALD,
    PONYTAILS
  }

  enum Pattern {
    PLAIN,
    STRIPES,
    DOTS,
    CHECKS
  }

  enum Glasses {
    NONE,
    ROUND,
    SQUARE
  }

  enum Beard {
    NONE,
    MOUSTACHE,
    GOATEE,
    FULL
  }

  private static final String[] NAMES = {
    "ada", "bruno", "cleo", "dario", "elif", "finn", "greta", "hugo", "ines", "jonas", "kira",
    "leo", "mila", "nico", "olga", "pablo", "quinn", "rosa", "sami", "tilda", "umar", "vera",
    "wim", "xenia", "yara", "zeno"
  };
  private static final int[] SKINS = {
    0xF6D3B8, 0xE8B48C, 0xC98A5E, 0x9A6240, 0x6B432C, 0xFBE3D0, 0xDDA27A, 0x834F33
  };
  private static final int[] HAIRS = {
    0x2B2220, 0xC9482B, 0xE3B64F, 0x6B4226, 0xB9BCC4, 0x3E5BA9, 0xD86FA3, 0x2F8F83, 0x7B4FB5,
    0x8C8F3A
  };
  private static final int[] EYES = {0x3B6EA8, 0x4F7A3A, 0x5A3A22, 0x6C7A89, 0x8A5A2B};
  private static final int[] CLOTHS = {
    0xD94F4F, 0x3F7FBF, 0x46A36B, 0xE0A030, 0x8458B3, 0x2E3A4F, 0xE77FA8, 0x39A7B5, 0xF0EAD6,
    0x7A8B3C, 0xB5562B
  };

  @Override
  public List<Part> parts(Pose pose) {
    return Figure.of(this, pose);
  }

  /**
   * The identity of one number. Choices step through their lists with different strides, so that
   * neighbours differ in most of them; the random part is small and stable.
   */
  static Identity of(int number, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    int round = number / NAMES.length;
    HairStyle[] styles = HairStyle.values();
    HairStyle style = styles[number % styles.length];
    boolean bearded = number % 3 == 1;
    return new Identity(
        NAMES[number % NAMES.length] + (round == 0 ? "" : "-" + (round + 1)),
        new Color(SKINS[random.nextInt(SKINS.length)]),
        new Color(HAIRS[(number * 3 + number / 10) % HAIRS.length]),
        style,
        new Color(EYES[random.nextInt(EYES.length)]),
        new Color(CLOTHS[number * 4 % CLOTHS.length]),
        new Color(CLOTHS[(number * 4 + 2 + random.nextInt(5)) % CLOTHS.length]),
        Pattern.values()[(number + number / 4) % 4],
        random.nextDouble(0.42, 0.58),
        random.nextDouble(0.45, 1.0),
        random.nextDouble(0.19, 0.25),
        random.nextDouble(0.085, 0.125),
        random.nextDouble(0.6, 1.0),
        random.nextDouble(0.1, 0.22),
        random.nextDouble(0.12, 0.22),
        random.nextDouble(-0.05, 0.06),
        Glasses.values()[number * 2 % 5 % 3],
        bearded ? Beard.values()[1 + random.nextInt(3)] : Beard.NONE,
        number % 5 == 0);
  }
}
