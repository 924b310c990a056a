/**
 * What the training part of a data set holds at one moment, and how much of it is another than
 * before. Start at {@link dev.likeness.trainer.dataset.DatasetContents}.
 */
@NullMarked
package dev.likeness.trainer.dataset;

import org.jspecify.annotations.NullMarked;
