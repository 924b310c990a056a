/**
 * Calls of the operating system that Java does not offer, each optional: start at {@link
 * dev.likeness.index.system.NativeFile}.
 */
@NullMarked
package dev.likeness.index.system;

import org.jspecify.annotations.NullMarked;
