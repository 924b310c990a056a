package dev.likeness.cli.command;

import dev.likeness.cli.platform.Patience;
import dev.likeness.cli.platform.PlatformAddresses;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * What surrounds a command.
 *
 * @param home directory that holds the state of the platform
 * @param workingDirectory what relative paths start from
 * @param addresses where the services listen
 * @param platformDown whether the caller knows that the platform is down and will start it
 * @param out standard output
 * @param err standard error
 * @param terminal whether standard error is a terminal
 * @param patience how long a service may be away
 */
public record Session(
    Path home,
    Path workingDirectory,
    PlatformAddresses addresses,
    boolean platformDown,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    Patience patience) {}
