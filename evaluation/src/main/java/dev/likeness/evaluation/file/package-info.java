/** Files that are whole or absent, and JSON whose faults are given with line and column. */
@NullMarked
package dev.likeness.evaluation.file;

import org.jspecify.annotations.NullMarked;
