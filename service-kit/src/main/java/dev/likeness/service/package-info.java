/**
 * What every service does the same way: error details, call deadlines, file roots, pages and event
 * headers. Start at {@link dev.likeness.service.ServiceFailure} and {@link
 * dev.likeness.service.FileRoots}.
 */
@NullMarked
package dev.likeness.service;

import org.jspecify.annotations.NullMarked;
