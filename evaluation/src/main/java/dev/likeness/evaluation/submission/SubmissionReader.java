package dev.likeness.evaluation.submission;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.file.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Reads a submission token by token, so that every fault has its line. */
final class SubmissionReader {
  private static final String FORMS =
      "; expected {\"query\": [\"gallery\", …]} or [{\"filename\": \"query\", \"samples\": [\"gallery\", …]}]";

  private final JsonParser parser;
  private final SequencedMap<String, List<String>> answers = new LinkedHashMap<>();

  private SubmissionReader(JsonParser parser) {
    this.parser = parser;
  }

  static Submission read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return JsonDocument.read(in, parser -> new SubmissionReader(parser).read());
    } catch (MalformedJsonException e) {
      throw new SubmissionException.Malformed(file, String.valueOf(e.getMessage()), e);
    } catch (NoSuchFileException e) {
      throw new SubmissionException.Unreadable(file, "there is no such file", e);
    } catch (IOException e) {
      throw new SubmissionException.Unreadable(file, String.valueOf(e.getMessage()), e);
    }
  }

  private Submission read() throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> object();
      case START_ARRAY -> list();
      default -> throw fault("the file is neither an object nor a list" + FORMS);
    }
    if (answers.isEmpty()) {
      throw fault("there are no answers in it" + FORMS);
    }
    return new Submission(answers);
  }

  /** The canonical form, or the server's body, which has it inside its member {@code images}. */
  private void object() throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String member = parser.currentName();
      JsonToken value = parser.nextToken();
      if (member.equals("images") && value == JsonToken.START_OBJECT) {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String query = parser.currentName();
          parser.nextToken();
          answer(query, names(query));
        }
      } else if (!member.equals("groupname") || value != JsonToken.VALUE_STRING) {
        answer(member, names(member));
      }
    }
  }

  private void list() throws IOException {
    for (int entry = 1; parser.nextToken() != JsonToken.END_ARRAY; entry++) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw fault("entry %d is no object".formatted(entry) + FORMS);
      }
      JsonLocation start = parser.currentTokenLocation();
      String query = null;
      List<String> names = null;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String member = parser.currentName();
        parser.nextToken();
        switch (member) {
          case "filename" -> query = text("entry %d, member 'filename',".formatted(entry));
          case "samples", "gallery_images" -> names = names("of entry " + entry);
          default -> parser.skipChildren();
        }
      }
      if (query == null || names == null) {
        throw JsonDocument.fault(
            "entry %d lacks %s".formatted(entry, query == null ? "'filename'" : "'samples'")
                + FORMS,
            start);
      }
      answer(query, names);
    }
  }

  private List<String> names(String query) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw fault("the answer of query '%s' is no list of names".formatted(query) + FORMS);
    }
    List<String> names = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String name = bareName(text("query '%s', position %d,".formatted(query, names.size() + 1)));
      names.add(name);
    }
    return names;
  }

  private void answer(String queryAsWritten, List<String> names) throws IOException {
    String query = bareName(queryAsWritten);
    try {
      // Checks one answer alone, so that the fault has the line of this answer.
      var _ = new Submission(new LinkedHashMap<>(Map.of(query, names)));
    } catch (SubmissionException.InvalidAnswer e) {
      throw fault(e.getMessage());
    }
    if (answers.putIfAbsent(query, names) != null) {
      throw fault("query '%s' is answered twice; remove one of them".formatted(query));
    }
  }

  private String text(String what) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw fault(what + " is no text");
    }
    return parser.getText();
  }

  private MalformedJsonException fault(@Nullable String message) {
    return JsonDocument.fault(String.valueOf(message), parser.currentTokenLocation());
  }

  private static String bareName(String name) {
    return name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  }
}
