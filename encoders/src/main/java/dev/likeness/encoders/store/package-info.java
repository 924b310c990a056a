/**
 * Model packages on disk, whole or absent; start at {@link dev.likeness.encoders.store.ModelStore}.
 */
@NullMarked
package dev.likeness.encoders.store;

import org.jspecify.annotations.NullMarked;
