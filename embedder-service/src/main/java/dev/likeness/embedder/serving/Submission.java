package dev.likeness.embedder.serving;

import dev.likeness.embedder.batching.EmbeddedImage;
import dev.likeness.encoders.store.ModelPackage;
import java.util.concurrent.CompletableFuture;

/**
 * An image on its way.
 *
 * @param model the version that embeds it
 * @param result fails with an {@link dev.likeness.embedder.failure.EmbedderException}; cancelling
 *     it skips the image
 */
public record Submission(ModelPackage model, CompletableFuture<EmbeddedImage> result) {}
