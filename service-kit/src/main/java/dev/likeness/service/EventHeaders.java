package dev.likeness.service;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The headers of a Kafka record in the binary content mode of CloudEvents 1.0 (<a
 * href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka
 * protocol binding</a>).
 *
 * @param id unique for the source; consumers drop repeats of it
 * @param source the service, e.g. "/likeness/trainer"
 * @param type full name of the protobuf message, e.g. "likeness.events.v1.ModelPublished"
 * @param time when it happened
 */
public record EventHeaders(String id, String source, String type, Instant time) {

  /** Rejects empty fields. */
  public EventHeaders {
    if (id.isBlank() || source.isBlank() || type.isBlank()) {
      throw new IllegalArgumentException("an event has an id, a source and a type");
    }
  }

  /** Header name to value; values are UTF-8 text. */
  public Map<String, String> asMap() {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", "1.0");
    headers.put("ce_id", id);
    headers.put("ce_source", source);
    headers.put("ce_type", type);
    headers.put("ce_time", time.toString());
    headers.put("content-type", "application/protobuf");
    return headers;
  }
}
