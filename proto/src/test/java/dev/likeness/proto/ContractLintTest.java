package dev.likeness.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.likeness.embedder.v1.EmbedderServiceOuterClass;
import dev.likeness.events.v1.Events;
import dev.likeness.gateway.v1.CompetitionServiceOuterClass;
import dev.likeness.gateway.v1.GalleryServiceOuterClass;
import dev.likeness.gateway.v1.SearchServiceOuterClass;
import dev.likeness.index.v1.FilterOuterClass;
import dev.likeness.index.v1.IndexServiceOuterClass;
import dev.likeness.trainer.v1.DatasetServiceOuterClass;
import dev.likeness.trainer.v1.ModelServiceOuterClass;
import dev.likeness.trainer.v1.TrainerServiceOuterClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rules of Buf's STANDARD and COMMENTS categories that matter to us, as a test: the linter
 * itself is not published as a Maven artifact that resolves everywhere.
 */
class ContractLintTest {

  private static final Path SOURCES = Path.of("src/main/proto");
  private static final Pattern PASCAL = Pattern.compile("[A-Z][A-Za-z0-9]*");
  private static final Pattern SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
  private static final Pattern DECLARATION =
      Pattern.compile(
          "^\\s*((message|service|rpc|enum|oneof)\\s+\\w+.*"
              + "|(optional |repeated )?[\\w.]+(<[\\w., ]+>)? \\w+ = \\d+;"
              + "|[A-Z][A-Z0-9_]* = \\d+;)$");

  private static final List<FileDescriptor> CONTRACTS =
      List.of(
          EmbedderServiceOuterClass.getDescriptor(),
          IndexServiceOuterClass.getDescriptor(),
          FilterOuterClass.getDescriptor(),
          TrainerServiceOuterClass.getDescriptor(),
          ModelServiceOuterClass.getDescriptor(),
          DatasetServiceOuterClass.getDescriptor(),
          CompetitionServiceOuterClass.getDescriptor(),
          SearchServiceOuterClass.getDescriptor(),
          GalleryServiceOuterClass.getDescriptor(),
          Events.getDescriptor());

  @Test
  void checksEveryContract() throws IOException {
    assertThat(protoFiles().map(file -> SOURCES.relativize(file).toString()))
        .containsExactlyInAnyOrderElementsOf(
            CONTRACTS.stream().map(FileDescriptor::getFullName).toList());
  }

  @Test
  void packagesAreVersionedAndMatchTheirFolders() {
    for (FileDescriptor file : CONTRACTS) {
      assertThat(file.getPackage()).matches("likeness\\.[a-z]+\\.v\\d+");
      assertThat(file.getFullName()).startsWith(file.getPackage().replace('.', '/') + "/");
      assertThat(file.getOptions().getJavaPackage()).isEqualTo("dev." + file.getPackage());
      assertThat(file.getOptions().getJavaMultipleFiles()).isTrue();
    }
  }

  @Test
  void servicesAndTheirMessagesAreNamedAlike() {
    Set<String> seen = new HashSet<>();
    for (FileDescriptor file : CONTRACTS) {
      for (ServiceDescriptor service : file.getServices()) {
        assertThat(service.getName()).endsWith("Service");
        for (MethodDescriptor method : service.getMethods()) {
          assertThat(method.getName()).matches(PASCAL);
          assertThat(method.getInputType().getName()).isEqualTo(method.getName() + "Request");
          assertThat(method.getOutputType().getName()).isEqualTo(method.getName() + "Response");
          assertThat(seen.add(method.getInputType().getFullName())).isTrue();
        }
      }
    }
    assertThat(seen).isNotEmpty();
  }

  @Test
  void listsArePaginated() {
    for (FileDescriptor file : CONTRACTS) {
      for (ServiceDescriptor service : file.getServices()) {
        for (MethodDescriptor method : service.getMethods()) {
          if (method.getName().startsWith("List")) {
            assertThat(fieldNames(method.getInputType())).contains("page_size", "page_token");
            assertThat(fieldNames(method.getOutputType())).contains("next_page_token");
          }
        }
      }
    }
  }

  @Test
  void fieldsAreInSnakeCaseAndTimesHaveATimeType() {
    for (Descriptor message : messages()) {
      assertThat(message.getName()).matches(PASCAL);
      for (FieldDescriptor field : message.getFields()) {
        assertThat(field.getName()).as(field.getFullName()).matches(SNAKE);
        if (field.getName().endsWith("_time")) {
          assertThat(field.getMessageType().getFullName()).isEqualTo("google.protobuf.Timestamp");
        }
        assertThat(field.getName())
            .as("a unit is written out: " + field.getFullName())
            .doesNotMatch(".*_(ms|secs|mb|kb)");
      }
    }
  }

  @Test
  void enumValuesArePrefixedAndStartUnspecified() {
    for (FileDescriptor file : CONTRACTS) {
      for (EnumDescriptor values : file.getEnumTypes()) {
        String prefix =
            values.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
        assertThat(values.getValues().getFirst().getName()).isEqualTo(prefix + "_UNSPECIFIED");
        assertThat(values.getValues().getFirst().getNumber()).isZero();
        assertThat(values.getValues())
            .allSatisfy(value -> assertThat(value.getName()).startsWith(prefix + "_"));
      }
    }
  }

  @Test
  void everythingHasAComment() throws IOException {
    List<String> bare = new ArrayList<>();
    for (Path file : protoFiles().toList()) {
      List<String> lines = Files.readAllLines(file);
      for (int i = 1; i < lines.size(); i++) {
        if (DECLARATION.matcher(lines.get(i)).matches()
            && !lines.get(i - 1).strip().startsWith("//")) {
          bare.add(file + ":" + (i + 1) + " " + lines.get(i).strip());
        }
      }
    }
    assertThat(bare).isEmpty();
  }

  private static Stream<Path> protoFiles() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(file -> file.toString().endsWith(".proto")).toList().stream();
    }
  }

  private static List<Descriptor> messages() {
    return CONTRACTS.stream().flatMap(file -> file.getMessageTypes().stream()).toList();
  }

  private static List<String> fieldNames(Descriptor message) {
    return message.getFields().stream().map(FieldDescriptor::getName).toList();
  }
}
