package dev.likeness.evaluation.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * JSON, read strictly (a repeated key or text after the end is a fault) and written with the same
 * bytes on every machine (two spaces, {@code \n}, ASCII only, one at the end of the file).
 */
public final class JsonDocument {
  /** Nested deeper than this no file of ours is. */
  private static final int MAX_NESTING = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .build();
  private static final ObjectMapper MAPPER = new JsonMapper(FACTORY);
  private static final DefaultPrettyPrinter LAYOUT =
      new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
          .withObjectIndenter(new DefaultIndenter("  ", "\n"));

  private JsonDocument() {}

  /** What to do with an open parser. */
  @FunctionalInterface
  public interface Reading<T> {
    T read(JsonParser parser) throws IOException;
  }

  /**
   * Reads a whole file as a tree.
   *
   * @throws MalformedJsonException if it is no JSON
   * @throws IOException if it cannot be read
   */
  public static JsonNode read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, MAPPER::readTree);
    }
  }

  /**
   * Reads a text as a tree.
   *
   * @throws MalformedJsonException if it is no JSON
   */
  public static JsonNode parse(String text) throws MalformedJsonException {
    try {
      return read(
          new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), MAPPER::readTree);
    } catch (MalformedJsonException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory cannot fail", e);
    }
  }

  /**
   * Reads a stream of tokens that must be one JSON value.
   *
   * @throws MalformedJsonException if it is no JSON
   * @throws IOException if it cannot be read
   */
  public static <T> T read(InputStream in, Reading<T> reading) throws IOException {
    try (JsonParser parser = FACTORY.createParser(in)) {
      parser.setCodec(MAPPER);
      if (parser.nextToken() == null) {
        throw new MalformedJsonException("the file is empty, a JSON value is expected", 1, 1);
      }
      T value = reading.read(parser);
      if (parser.nextToken() != null) {
        throw fault("text follows after the end of the JSON value", parser.currentTokenLocation());
      }
      return value;
    } catch (StreamConstraintsException e) {
      throw fault("nested deeper or longer than is allowed", e.getLocation());
    } catch (JsonProcessingException e) {
      throw fault(e.getOriginalMessage(), e.getLocation());
    }
  }

  /** A fault at a place in the file. */
  public static MalformedJsonException fault(String message, JsonLocation location) {
    return location == null
        ? new MalformedJsonException(message, 1, 1)
        : new MalformedJsonException(message, location.getLineNr(), location.getColumnNr());
  }

  /** Bytes of a tree with one member per line, ending with a new line. */
  public static byte[] layOut(JsonNode tree) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      MAPPER.writer(LAYOUT).writeValue(out, tree);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    out.write('\n');
    return out.toByteArray();
  }

  /** One line of JSON without a line break at its end. */
  public static String line(JsonNode tree) {
    try {
      return MAPPER.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree always has a text", e);
    }
  }

  /** An empty object to be filled. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }
}
