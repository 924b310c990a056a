/**
 * One class per command: its options, its checks and what it prints. Start at {@link
 * dev.likeness.cli.command.CompeteCommand}.
 */
@NullMarked
package dev.likeness.cli.command;

import org.jspecify.annotations.NullMarked;
