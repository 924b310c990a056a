/**
 * The packaged services as real processes, driven from outside as a user drives them. Start at
 * {@link dev.likeness.system.LocalPlatform}.
 */
@NullMarked
package dev.likeness.system;

import org.jspecify.annotations.NullMarked;
