package dev.likeness.encoders.projection;

import dev.likeness.encoders.store.EncoderName;

/**
 * What to record about a fitted projection.
 *
 * @param name of the encoder to publish; the source's own name makes it that encoder's next version
 * @param kind how it was fitted, such as {@link PcaWhitening#KIND}
 * @param jobId the training job; its result is published once
 * @param datasetHash SHA-256 of the training set's listing, hexadecimal
 * @param imageCount training images the fit used
 * @param shrinkage what {@link PcaWhitening#fit} was given
 */
public record ProjectionRequest(
    EncoderName name,
    String kind,
    String jobId,
    String datasetHash,
    int imageCount,
    double shrinkage) {}
