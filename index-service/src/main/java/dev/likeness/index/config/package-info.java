/** Settings, wiring, health and metrics; start at {@link dev.likeness.index.config.IndexConfig}. */
@NullMarked
package dev.likeness.index.config;

import org.jspecify.annotations.NullMarked;
