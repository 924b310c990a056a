package dev.likeness.gateway.competition;

import dev.likeness.evaluation.record.RunRecord;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.run.RunSpec;
import dev.likeness.gateway.run.ScoreFusion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The encoders of a run as the embedder has them: one, or several whose scores are joined.
 *
 * @param encoders in the order of the specification
 * @param fusion how several are joined, null for one
 */
record RunEncoders(List<Encoder> encoders, @Nullable ScoreFusion fusion) {

  RunEncoders {
    encoders = List.copyOf(encoders);
  }

  int count() {
    return encoders.size();
  }

  /** What the run's record and report call them: {@code a}, or {@code a+b}. */
  String name() {
    return encoders.stream().map(Encoder::name).collect(Collectors.joining("+"));
  }

  /** The pooling of all of them, null if they differ. */
  @Nullable String pooling() {
    List<String> poolings = encoders.stream().map(Encoder::pooling).distinct().toList();
    return poolings.size() == 1 ? poolings.getFirst() : null;
  }

  /** The encoder's fingerprint; of several a hash of all and of their shares. */
  String fingerprint() {
    if (fusion == null) {
      return encoders.getFirst().fingerprint();
    }
    StringBuilder text = new StringBuilder("likeness-score-fusion 1 min-max\n");
    for (int i = 0; i < count(); i++) {
      text.append(encoders.get(i).fingerprint())
          .append(' ')
          .append(Double.toHexString(fusion.shares().get(i)))
          .append('\n');
    }
    return sha256(text.toString());
  }

  /** For the record; null for one encoder. */
  RunRecord.@Nullable Fusion record() {
    if (fusion == null) {
      return null;
    }
    List<RunRecord.FusedEncoder> fused = new ArrayList<>();
    for (int i = 0; i < count(); i++) {
      Encoder encoder = encoders.get(i);
      fused.add(
          new RunRecord.FusedEncoder(
              encoder.name(), encoder.fingerprint(), fusion.shares().get(i)));
    }
    return new RunRecord.Fusion(ScoreFusion.MIN_MAX, fused);
  }

  /** As the embedder has them now. */
  static RunEncoders of(RunSpec spec, EncoderLookup lookup) {
    return new RunEncoders(spec.encoders().stream().map(lookup::encoder).toList(), spec.fusion());
  }

  /** Asks for an encoder by its name. */
  interface EncoderLookup {
    Encoder encoder(String name);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }
}
