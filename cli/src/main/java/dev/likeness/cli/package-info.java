/**
 * The command line: {@link dev.likeness.cli.Main} starts it, {@code command} holds one class per
 * command, {@code platform} speaks to the services, {@code output} to people and programs.
 */
@NullMarked
package dev.likeness.cli;

import org.jspecify.annotations.NullMarked;
