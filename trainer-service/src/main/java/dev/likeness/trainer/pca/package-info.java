/**
 * The job that fits a PCA whitening to an encoder. Start at {@link
 * dev.likeness.trainer.pca.PcaWhiteningRunner}.
 */
@NullMarked
package dev.likeness.trainer.pca;

import org.jspecify.annotations.NullMarked;
