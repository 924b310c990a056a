/**
 * What is written for Kubernetes, held to what the services are: start at {@link
 * dev.likeness.system.kubernetes.Installation}.
 */
@NullMarked
package dev.likeness.system.kubernetes;

import org.jspecify.annotations.NullMarked;
