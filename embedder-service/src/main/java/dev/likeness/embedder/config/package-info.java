/**
 * The settings, and the service put together from them; start at {@link
 * dev.likeness.embedder.config.EmbedderConfig}.
 */
@NullMarked
package dev.likeness.embedder.config;

import org.jspecify.annotations.NullMarked;
