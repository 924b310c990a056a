/**
 * The embedder and the index as a run needs them: start at {@link
 * dev.likeness.gateway.peer.EmbedderPeer} and {@link dev.likeness.gateway.peer.IndexPeer}.
 */
@NullMarked
package dev.likeness.gateway.peer;

import org.jspecify.annotations.NullMarked;
