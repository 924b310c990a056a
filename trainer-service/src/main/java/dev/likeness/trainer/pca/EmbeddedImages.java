package dev.likeness.trainer.pca;

import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.trainer.work.JobContext;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.TrainingFailedException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gathers the embeddings of the training images as they arrive. Owned by one thread. */
final class EmbeddedImages implements EmbeddingSource.Outcomes {

  static final String STAGE = "embedding training images";

  /** Embedding is nearly all of the work; this much is left for hashing, fitting and publishing. */
  private static final double SHARE = 0.9;

  private final List<ImageFile> images;
  private final JobContext context;
  private final int maxImageNotes;
  private final SortedMap<Integer, float[]> vectors = new TreeMap<>();
  private @Nullable String fingerprint;
  private int done;
  private int leftOut;

  EmbeddedImages(List<ImageFile> images, JobContext context, int maxImageNotes) {
    this.images = images;
    this.context = context;
    this.maxImageNotes = maxImageNotes;
  }

  @Override
  public void embedded(int ordinal, float[] vector, String usedFingerprint)
      throws TrainingFailedException, JobInterruptedException {
    if (fingerprint != null && !usedFingerprint.equals(fingerprint)) {
      throw new TrainingFailedException(
          "another version of the encoder was loaded while the images were embedded; create the job again");
    }
    fingerprint = usedFingerprint;
    vectors.put(ordinal, vector);
    advance();
  }

  @Override
  public void leftOut(int ordinal, String reason) throws JobInterruptedException {
    leftOut++;
    if (leftOut <= maxImageNotes) {
      ImageFile image = images.get(ordinal);
      String place = image.className() == null ? "" : image.className() + "/";
      context.note("left out %s%s: %s".formatted(place, image.name(), reason));
    }
    advance();
  }

  private void advance() throws JobInterruptedException {
    done++;
    context.progress(STAGE, SHARE * done / images.size());
  }

  int leftOutCount() {
    return leftOut;
  }

  /** The embeddings in the order of the images, [usable images][dimension]. */
  float[][] vectors() {
    return vectors.values().toArray(float[][]::new);
  }

  /** Fingerprint of the encoder version that made the embeddings; empty without embeddings. */
  Optional<String> fingerprint() {
    return Optional.ofNullable(fingerprint);
  }
}
