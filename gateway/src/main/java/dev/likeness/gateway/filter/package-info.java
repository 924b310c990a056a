/**
 * Which images may be found, by their attributes. Start at {@link
 * dev.likeness.gateway.filter.FilterExpression}.
 */
@NullMarked
package dev.likeness.gateway.filter;

import org.jspecify.annotations.NullMarked;
