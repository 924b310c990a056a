/** What a command shows: results, notes, progress, and failures in one sentence. */
@NullMarked
package dev.likeness.cli.output;

import org.jspecify.annotations.NullMarked;
