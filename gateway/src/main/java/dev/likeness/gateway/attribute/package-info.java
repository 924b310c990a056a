/**
 * What is known of images beside their pixels, and the file that it is read from. Start at {@link
 * dev.likeness.gateway.attribute.AttributeTable}.
 */
@NullMarked
package dev.likeness.gateway.attribute;

import org.jspecify.annotations.NullMarked;
