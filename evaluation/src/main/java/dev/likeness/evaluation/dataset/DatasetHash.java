package dev.likeness.evaluation.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Content hash of a data set; every text is preceded by its length, so no two lists collide. */
final class DatasetHash {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final MessageDigest digest;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  private DatasetHash(MessageDigest digest) {
    this.digest = digest;
  }

  static String of(Dataset dataset) {
    DatasetHash hash = new DatasetHash(sha256());
    hash.part("query", dataset.query());
    hash.part("gallery", dataset.gallery());
    hash.part("training", dataset.training());
    return HexFormat.of().formatHex(hash.digest.digest());
  }

  private void part(String part, List<ImageFile> images) {
    text(part);
    number(images.size());
    for (ImageFile image : images) {
      text(image.className() == null ? "" : image.className());
      text(image.name());
      content(image);
    }
  }

  private void content(ImageFile image) {
    try (InputStream in = Files.newInputStream(image.path())) {
      number(Files.size(image.path()));
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new DatasetException.Unreadable(image.path(), e);
    }
  }

  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
  }

  private void number(long value) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
