package dev.likeness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileArgumentsTest {
  @TempDir private Path directory;

  @BeforeEach
  void makeFiles() throws Exception {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("a.jpg"), "no image");
    Files.writeString(directory.resolve("m.onnx"), "no model");
    Files.writeString(directory.resolve("s.json"), "{\"q.jpg\":[\"a.jpg\"]}");
  }

  @ParameterizedTest
  @MethodSource("wronglyGiven")
  void refusesInOneSentenceWithExitCodeTwo(String expected, String arguments) {
    // When
    CommandLineRun run = CommandLineRun.alone(directory, arguments.split("\\|", -1));

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().strip()).startsWith("likeness: ").contains(expected).hasLineCount(1);
    assertThat(run.err()).doesNotContain("Exception", "dev.likeness", "java.");
  }

  private static Stream<Object[]> wronglyGiven() {
    String importing = "encoders|import|m.onnx|--name|n|--size|224|--mean|0,0,0|--std|1,1,1";
    return Stream.of(
        new Object[] {"--data", "compete|--encoder|mini"},
        new Object[] {"--top-k must be between 1 and 1000, not 0", compete("--top-k|0")},
        new Object[] {"between 1 and 1000, not -3", compete("--top-k|-3")},
        new Object[] {"'--top-k'", compete("--top-k|99999999999")},
        new Object[] {"'--top-k'", compete("--top-k|ten")},
        new Object[] {"Unknown option", compete("--speed|11")},
        new Object[] {"--data must not be empty", "compete|--data||--encoder|mini"},
        new Object[] {"--encoder must not be empty", "compete|--data|data|--encoder| "},
        new Object[] {"is no path", "compete|--data|da\0ta|--encoder|mini"},
        new Object[] {"IMAGE", "embed|--encoder|mini"},
        new Object[] {"-k must be between", "search|a.jpg|-k|0"},
        new Object[] {"--size must be between", importing.replace("224", "0")},
        new Object[] {"--resize must be between 224", importing + "|--resize|100"},
        new Object[] {"--mean must be three numbers", importing.replace("0,0,0", "0,0")},
        new Object[] {"--mean must be three numbers", importing.replace("0,0,0", "NaN,0,0")},
        new Object[] {"--std must be positive", importing.replace("1,1,1", "1,0,1")},
        new Object[] {"--filter must be one of", importing + "|--filter|nearest"},
        new Object[] {"--pooling must be one of", importing + "|--pooling|max"},
        new Object[] {"Missing required subcommand", "encoders"},
        new Object[] {"FILE, --group and --url are needed", "submit|s.json|--group|g"},
        new Object[] {"is no address", "submit|s.json|--group|g|--url|http://a b"},
        new Object[] {"must look like", "submit|s.json|--group|g|--url|file:///etc/passwd"},
        new Object[] {"group name is empty", "submit|s.json|--group| |--url|http://h/"},
        new Object[] {"--timeout must be", "submit|s.json|--group|g|--url|http://h/|--timeout|0"},
        new Object[] {"Unmatched argument", "version|now"},
        new Object[] {"Unmatched argument", "nonsense"});
  }

  private static String compete(String more) {
    return "compete|--data|data|--encoder|mini|" + more;
  }

  @Test
  void printsUsageErrorsAsJsonWhereWanted() throws Exception {
    // When
    CommandLineRun run = CommandLineRun.alone(directory, "compete", "--json");

    // Then
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.json().at("/error/reason").asText()).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void namesTheFileThatIsMissing() {
    // When
    CommandLineRun run = CommandLineRun.alone(directory, "embed", "no.jpg", "--encoder", "mini");

    // Then
    assertThat(run)
        .isEqualTo(new CommandLineRun(1, "", "likeness: IMAGE: there is no file 'no.jpg'\n"));
  }

  @Test
  void takesAnArgumentWithAnAtSignAsTheNameOfAFile() {
    // When
    CommandLineRun run = CommandLineRun.alone(directory, "results", "@data");

    // Then
    assertThat(run.err()).isEqualTo("likeness: DIR: there is no directory '@data'\n");
  }

  @Test
  void showsNoControlCharactersOfFileNames() {
    // When
    CommandLineRun run = CommandLineRun.alone(directory, "results", "a\u001b[2Jb");

    // Then
    assertThat(run.err()).isEqualTo("likeness: DIR: there is no directory 'a?[2Jb'\n");
  }
}
