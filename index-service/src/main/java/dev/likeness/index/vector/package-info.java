/** The vocabulary everything else is written in: ids, payloads, similarities and changes. */
@NullMarked
package dev.likeness.index.vector;

import org.jspecify.annotations.NullMarked;
