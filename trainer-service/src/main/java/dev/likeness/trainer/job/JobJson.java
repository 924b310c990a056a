package dev.likeness.trainer.job;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.likeness.training.finetune.spec.TrainedScope;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON in columns of text: what is only read as a whole needs no columns of its own.
 * Fields that a newer trainer wrote are passed over.
 */
final class JobJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
          .addModule(
              new SimpleModule()
                  .addSerializer(TrainedScope.class, new ScopeWriter())
                  .addDeserializer(TrainedScope.class, new ScopeReader()))
          .build();

  private JobJson() {}

  /** The text of a record; null for null. */
  static @Nullable String write(@Nullable Record value) {
    try {
      return value == null ? null : MAPPER.writeValueAsString(value);
    } catch (JacksonException impossible) {
      throw new IllegalStateException("a record is always expressible as JSON", impossible);
    }
  }

  /** The record of a text; null for null. */
  static <T extends Record> @Nullable T read(@Nullable String text, Class<T> type)
      throws SQLException {
    try {
      return text == null ? null : MAPPER.readValue(text, type);
    } catch (JacksonException damaged) {
      throw new SQLException("a value in the job store cannot be read: " + text, damaged);
    }
  }

  private static final class ScopeWriter extends JsonSerializer<TrainedScope> {
    @Override
    public void serialize(TrainedScope scope, JsonGenerator out, SerializerProvider unused)
        throws IOException {
      out.writeString(scope.text());
    }
  }

  private static final class ScopeReader extends JsonDeserializer<TrainedScope> {
    @Override
    public TrainedScope deserialize(JsonParser in, DeserializationContext unused)
        throws IOException {
      return TrainedScope.parse(in.getText());
    }
  }
}
