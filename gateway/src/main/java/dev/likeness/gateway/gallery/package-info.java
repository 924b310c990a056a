/**
 * Galleries that follow their encoder: a new generation is made beside the one that is searched,
 * and the alias switched. Start at {@link dev.likeness.gateway.gallery.GalleryKeeper}.
 */
@NullMarked
package dev.likeness.gateway.gallery;

import org.jspecify.annotations.NullMarked;
