/**
 * Conditions on payloads that decide which vectors may be answered; start at {@link
 * dev.likeness.index.filter.Filter}.
 */
@NullMarked
package dev.likeness.index.filter;

import org.jspecify.annotations.NullMarked;
