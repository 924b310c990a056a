package dev.likeness.embedder.grpc;

import dev.likeness.embedder.batching.EmbeddedImage;
import dev.likeness.encoders.store.ModelPackage;

/** An embedding and the version that made it. */
record EmbeddedBy(ModelPackage model, EmbeddedImage image) {}
