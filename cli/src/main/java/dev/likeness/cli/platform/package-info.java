/** Conversations with the services over gRPC, and the file that allows them to read a directory. */
@NullMarked
package dev.likeness.cli.platform;

import org.jspecify.annotations.NullMarked;
