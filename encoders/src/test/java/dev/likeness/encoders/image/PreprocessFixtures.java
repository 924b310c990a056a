package dev.likeness.encoders.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The images and the pixels that Pillow and torchvision make of them. */
public final class PreprocessFixtures {

  private PreprocessFixtures() {}

  public static JsonNode description() {
    try {
      return JsonMapper.builder().build().readTree(bytes("preprocess.json"));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  public static List<JsonNode> cases() {
    List<JsonNode> cases = new ArrayList<>();
    description().get("cases").forEach(cases::add);
    return cases;
  }

  public static byte[] bytes(String path) {
    try (InputStream in = PreprocessFixtures.class.getResourceAsStream("/preprocess/" + path)) {
      if (in == null) {
        throw new IllegalArgumentException("no fixture " + path);
      }
      return in.readAllBytes();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** The pixels as Pillow decodes them: from the lossless copy where the original is a JPEG. */
  public static RgbImage decodedByPillow(JsonNode example) throws ImageDecodeException {
    String file =
        example.get("decoded").has("lossless_copy")
            ? example.get("decoded").get("lossless_copy").asText()
            : "images/" + example.get("image").asText();
    return new ImageDecoder(DecodeLimits.DEFAULT).decode(bytes(file));
  }
}
