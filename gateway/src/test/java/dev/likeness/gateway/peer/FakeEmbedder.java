package dev.likeness.gateway.peer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An embedder whose images are texts: an angle in degrees, which becomes a point on the unit
 * circle. Other texts are no images.
 */
public final class FakeEmbedder implements EmbedderPeer {

  private static final String MIRROR_FINGERPRINT = "e".repeat(64);

  private final Calls calls;
  private final List<String> embedded = new ArrayList<>();
  private final List<String> versions = new ArrayList<>(List.of("f".repeat(64)));
  private volatile String fingerprint = "f".repeat(64);

  public FakeEmbedder(Calls calls) {
    this.calls = calls;
  }

  /** A new version of the encoder is published; its vectors are turned by 180 degrees. */
  public void publish(String newFingerprint) {
    fingerprint = newFingerprint;
    if (!versions.contains(newFingerprint)) {
      versions.add(newFingerprint);
    }
  }

  /** A version is removed. */
  public void remove(String oldFingerprint) {
    versions.set(versions.indexOf(oldFingerprint), "removed");
  }

  /** Names of the images embedded so far, repetitions included. */
  public List<String> embedded() {
    return embedded;
  }

  @Override
  public Encoder encoder(String name) {
    calls.next("encoder");
    if (name.equals("mirror")) {
      return new Encoder("mirror", 1, 2, MIRROR_FINGERPRINT, "none");
    }
    if (!name.equals("circle")) {
      throw new PeerException.Refused(
          PeerName.EMBEDDER,
          "ENCODER_NOT_FOUND",
          "there is no encoder '" + name + "'; there is circle",
          null);
    }
    return encoderOf(fingerprint);
  }

  private Encoder encoderOf(String version) {
    return new Encoder("circle", versions.indexOf(version) + 1, 2, version, "none");
  }

  @Override
  public Optional<Encoder> withFingerprint(String wanted) {
    calls.next("withFingerprint");
    return versions.contains(wanted) ? Optional.of(encoderOf(wanted)) : Optional.empty();
  }

  @Override
  public void embed(Encoder encoder, ImageSource images, Consumer<EmbedOutcome> outcomes) {
    embedWith(encoder.name(), encoder.fingerprint(), images, outcomes);
  }

  @Override
  public Embedded embed(Encoder encoder, byte[] image) {
    calls.next("embedOne");
    return new Embedded(vector(image, encoder.fingerprint()), encoder.fingerprint());
  }

  @Override
  public void embed(String encoder, ImageSource images, Consumer<EmbedOutcome> outcomes) {
    embedWith(encoder, fingerprint, images, outcomes);
  }

  private void embedWith(
      String encoder, String version, ImageSource images, Consumer<EmbedOutcome> outcomes) {
    calls.next("embed");
    for (Optional<ImageSource.ImageBytes> image = images.next();
        image.isPresent();
        image = images.next()) {
      calls.next("image");
      outcomes.accept(outcome(encoder, image.get().name(), image.get().content(), version));
    }
  }

  private EmbedOutcome outcome(String encoder, String name, byte[] content, String version) {
    try {
      boolean mirror = encoder.equals("mirror");
      EmbedOutcome.Embedded outcome =
          new EmbedOutcome.Embedded(
              name,
              mirror ? mirrored(content) : vector(content, version),
              mirror ? MIRROR_FINGERPRINT : version,
              new EmbedOutcome.Cost(0.25, 0.5, 4));
      embedded.add(name);
      return outcome;
    } catch (NumberFormatException e) {
      return new EmbedOutcome.Refused(name, "the file is no image");
    }
  }

  @Override
  public Embedded embed(String encoder, byte[] image) {
    calls.next("embedOne");
    return new Embedded(vector(image, fingerprint), fingerprint);
  }

  /** Of the encoder "mirror", which cannot tell an angle from the one opposite, and not 13. */
  private static Embedding mirrored(byte[] content) {
    double degrees = Double.parseDouble(new String(content, StandardCharsets.UTF_8));
    if (degrees == 13) {
      throw new NumberFormatException("13");
    }
    return Embedding.of(
        (float) Math.cos(Math.toRadians(2 * degrees)),
        (float) Math.sin(Math.toRadians(2 * degrees)));
  }

  private static Embedding vector(byte[] content, String version) {
    double degrees =
        Double.parseDouble(new String(content, StandardCharsets.UTF_8))
            + (version.startsWith("f") ? 0 : 180);
    return Embedding.of(
        (float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees)));
  }
}
