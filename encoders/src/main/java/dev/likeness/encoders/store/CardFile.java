package dev.likeness.encoders.store;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.encoders.store.ModelStoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * {@code encoder.json}: the fields of {@link EncoderCard}, and the fingerprint for people to read.
 * Unknown fields are tolerated, so that an older program reads what a newer one wrote.
 */
final class CardFile {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          // A record is its components; what it computes from them is no part of the file.
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
          .build();

  /** By path, because a record's missing component would only show as a null later. */
  private static final List<String> REQUIRED =
      List.of(
          "/formatVersion",
          "/name",
          "/architecture",
          "/preprocess",
          "/preprocess/resizeShorterSide",
          "/preprocess/cropSize",
          "/preprocess/filter",
          "/preprocess/cropOffset",
          "/preprocess/mean",
          "/preprocess/std",
          "/preprocess/channelOrder",
          "/inputTensor",
          "/outputTensor",
          "/pooling",
          "/dimension",
          "/normalization",
          "/batching",
          "/batching/dynamic",
          "/batching/invariant",
          "/weights",
          "/weights/onnxSha256",
          "/origin",
          "/origin/kind",
          "/golden",
          "/golden/input",
          "/golden/expected",
          "/createdAt");

  private CardFile() {}

  static byte[] toBytes(EncoderCard card) {
    try {
      ObjectNode tree = MAPPER.valueToTree(card);
      tree.put("fingerprint", card.fingerprint().value());
      return MAPPER.writeValueAsBytes(tree);
    } catch (JacksonException impossible) {
      throw new IllegalStateException("a card is always expressible as JSON", impossible);
    }
  }

  /**
   * @throws ModelStoreException if the file is missing, not JSON, or lacks a field; it names the
   *     field
   */
  static EncoderCard read(Path file) {
    try {
      return parse(Files.readAllBytes(file));
    } catch (JacksonException | IllegalArgumentException wrong) {
      throw new ModelStoreException(
          Reason.UNREADABLE_CARD,
          "%s is not a valid card: %s".formatted(file, reason(wrong)),
          wrong);
    } catch (IOException unreadable) {
      throw new ModelStoreException(
          Reason.UNREADABLE_CARD, "%s cannot be read".formatted(file), unreadable);
    }
  }

  static EncoderCard parse(byte[] json) throws IOException {
    JsonNode tree = MAPPER.readTree(json);
    List<String> missing =
        REQUIRED.stream()
            .filter(path -> tree.at(path).isMissingNode() || tree.at(path).isNull())
            .map(path -> path.substring(1).replace('/', '.'))
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("it lacks " + String.join(", ", missing));
    }
    return MAPPER.treeToValue(tree, EncoderCard.class);
  }

  /** The parser's own texts name its classes; the field or line says more. */
  private static String reason(Exception wrong) {
    if (wrong instanceof JsonMappingException mapping) {
      // A value refused by a record's own rule carries that rule as its cause.
      return mapping.getCause() instanceof IllegalArgumentException rule
          ? String.valueOf(rule.getMessage())
          : "the value of '%s' is not understood".formatted(field(mapping));
    }
    if (wrong instanceof JacksonException syntax && syntax.getLocation() != null) {
      return "it is not JSON, or cut short, at line " + syntax.getLocation().getLineNr();
    }
    return String.valueOf(wrong.getMessage());
  }

  private static String field(JsonMappingException mapping) {
    return mapping.getPath().stream()
        .map(JsonMappingException.Reference::getFieldName)
        .filter(Objects::nonNull)
        .collect(Collectors.joining("."));
  }
}
