/** Settings and wiring: start at {@link dev.likeness.gateway.config.GatewayConfig}. */
@NullMarked
package dev.likeness.gateway.config;

import org.jspecify.annotations.NullMarked;
