/** Readiness and metrics: start at {@link dev.likeness.gateway.health.StoreReadiness}. */
@NullMarked
package dev.likeness.gateway.health;

import org.jspecify.annotations.NullMarked;
