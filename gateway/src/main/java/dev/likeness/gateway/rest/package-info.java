/**
 * The same over HTTP with JSON, and the page: start at {@link
 * dev.likeness.gateway.rest.RunResource}.
 */
@NullMarked
package dev.likeness.gateway.rest;

import org.jspecify.annotations.NullMarked;
