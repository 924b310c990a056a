package dev.likeness.cli;

import dev.likeness.cli.command.CompeteCommand;
import dev.likeness.cli.command.DatasetChangedCommand;
import dev.likeness.cli.command.DatasetPoliciesCommand;
import dev.likeness.cli.command.DatasetUnwatchCommand;
import dev.likeness.cli.command.DatasetWatchCommand;
import dev.likeness.cli.command.DemoCommand;
import dev.likeness.cli.command.EmbedCommand;
import dev.likeness.cli.command.EncodersEnsembleCommand;
import dev.likeness.cli.command.EncodersImportCommand;
import dev.likeness.cli.command.EncodersInfoCommand;
import dev.likeness.cli.command.EncodersListCommand;
import dev.likeness.cli.command.EncodersPullCommand;
import dev.likeness.cli.command.EncodersQuantizeCommand;
import dev.likeness.cli.command.EncodersRemoveCommand;
import dev.likeness.cli.command.EncodersVerifyCommand;
import dev.likeness.cli.command.FitWhiteningCommand;
import dev.likeness.cli.command.GalleryCreateCommand;
import dev.likeness.cli.command.GalleryEngineCommand;
import dev.likeness.cli.command.GalleryListCommand;
import dev.likeness.cli.command.GalleryRemoveCommand;
import dev.likeness.cli.command.GalleryUpdateCommand;
import dev.likeness.cli.command.JobsCancelCommand;
import dev.likeness.cli.command.JobsListCommand;
import dev.likeness.cli.command.JobsShowCommand;
import dev.likeness.cli.command.JobsWatchCommand;
import dev.likeness.cli.command.ModelsHistoryCommand;
import dev.likeness.cli.command.ModelsRollbackCommand;
import dev.likeness.cli.command.ResultsCommand;
import dev.likeness.cli.command.SampleCommand;
import dev.likeness.cli.command.ScoreCommand;
import dev.likeness.cli.command.SearchCommand;
import dev.likeness.cli.command.Session;
import dev.likeness.cli.command.SubmitCommand;
import dev.likeness.cli.command.TrainCommand;
import dev.likeness.cli.command.VersionCommand;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.ExitCode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.PlatformNeededException;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** All commands, and the one place where their failures become sentences and exit codes. */
final class CommandTree {
  private final Session session;
  private final CommandLine commands;

  CommandTree(Session session) {
    this.session = session;
    this.commands =
        new CommandLine(new Root())
            .addSubcommand(new CompeteCommand(session))
            .addSubcommand(new EmbedCommand(session))
            .addSubcommand(new ScoreCommand(session))
            .addSubcommand(new ResultsCommand(session))
            .addSubcommand(new SubmitCommand(session))
            .addSubcommand(new SearchCommand(session))
            .addSubcommand(
                new CommandLine(new Encoders())
                    .addSubcommand(new EncodersImportCommand(session))
                    .addSubcommand(new EncodersListCommand(session))
                    .addSubcommand(new EncodersInfoCommand(session))
                    .addSubcommand(new EncodersVerifyCommand(session))
                    .addSubcommand(new EncodersPullCommand(session))
                    .addSubcommand(new EncodersEnsembleCommand(session))
                    .addSubcommand(new EncodersQuantizeCommand(session))
                    .addSubcommand(new EncodersRemoveCommand(session)))
            .addSubcommand(new FitWhiteningCommand(session))
            .addSubcommand(new TrainCommand(session))
            .addSubcommand(
                new CommandLine(new Jobs())
                    .addSubcommand(new JobsListCommand(session))
                    .addSubcommand(new JobsShowCommand(session))
                    .addSubcommand(new JobsWatchCommand(session))
                    .addSubcommand(new JobsCancelCommand(session)))
            .addSubcommand(
                new CommandLine(new Models())
                    .addSubcommand(new ModelsHistoryCommand(session))
                    .addSubcommand(new ModelsRollbackCommand(session)))
            .addSubcommand(
                new CommandLine(new Datasets())
                    .addSubcommand(new DatasetWatchCommand(session))
                    .addSubcommand(new DatasetChangedCommand(session))
                    .addSubcommand(new DatasetPoliciesCommand(session))
                    .addSubcommand(new DatasetUnwatchCommand(session)))
            .addSubcommand(
                new CommandLine(new Galleries())
                    .addSubcommand(new GalleryCreateCommand(session))
                    .addSubcommand(new GalleryListCommand(session))
                    .addSubcommand(new GalleryUpdateCommand(session))
                    .addSubcommand(new GalleryEngineCommand(session))
                    .addSubcommand(new GalleryRemoveCommand(session)))
            .addSubcommand(new SampleCommand(session))
            .addSubcommand(new DemoCommand(session))
            .addSubcommand(new VersionCommand(session));
    // Arguments are taken as they are: '@file' is the name of a file.
    commands.setExpandAtFiles(false);
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setOut(
        new java.io.PrintWriter(session.out(), true, java.nio.charset.StandardCharsets.UTF_8));
    commands.setParameterExceptionHandler(this::wronglyGiven);
    commands.setExecutionExceptionHandler(this::failed);
  }

  /** Runs a command and answers its exit code. */
  int run(String... arguments) {
    return commands.execute(arguments);
  }

  private int wronglyGiven(ParameterException exception, String... arguments) {
    String command = exception.getCommandLine().getCommandSpec().qualifiedName();
    String sentence =
        String.valueOf(exception.getMessage()).strip() + "; see './" + command + " --help'";
    return report(CommandFailure.usage(sentence), wantsJson(arguments));
  }

  private int failed(Exception exception, CommandLine command, ParseResult parsed) {
    if (exception instanceof PlatformNeededException) {
      return ExitCode.UNREACHABLE;
    }
    if (command.getParseResult().matchedOptionValue("--debug", false)) {
      exception.printStackTrace(session.err());
    }
    return report(
        FailureSentence.of(exception),
        command.getParseResult().matchedOptionValue("--json", false));
  }

  private int report(CommandFailure failure, boolean json) {
    new Output(session.out(), session.err(), json, session.terminal()).fail(failure);
    return failure.exitCode();
  }

  private static boolean wantsJson(String... arguments) {
    return Arrays.asList(arguments).contains("--json");
  }

  @Command(
      name = "likeness",
      description = "For each query image, the gallery images that show the same thing.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  private static final class Root {}

  @Command(
      name = "encoders",
      description = "Pull, import, join, quantize, list, show, verify and remove encoders.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  private static final class Encoders {}

  @Command(
      name = "jobs",
      description = "List, show, watch and cancel training jobs.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  private static final class Jobs {}

  @Command(
      name = "models",
      description = "Show which versions of an encoder served, and roll back.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  private static final class Models {}

  @Command(
      name = "dataset",
      description = "Train again whenever a data set has changed.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  private static final class Datasets {}

  @Command(
      name = "gallery",
      description = "Keep folders of images searchable with the version that serves.",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND")
  private static final class Galleries {}
}
