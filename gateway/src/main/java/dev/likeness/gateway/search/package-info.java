/** Search by image: start at {@link dev.likeness.gateway.search.ImageSearch}. */
@NullMarked
package dev.likeness.gateway.search;

import org.jspecify.annotations.NullMarked;
