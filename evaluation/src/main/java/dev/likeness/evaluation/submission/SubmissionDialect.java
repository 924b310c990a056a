package dev.likeness.evaluation.submission;

/** The forms in which submissions are written. */
public enum SubmissionDialect {
  /** {@code {"query.jpg": ["gallery.jpg", …]}}. */
  CANONICAL,
  /** {@code {"groupname": "…", "images": {"query.jpg": ["gallery.jpg", …]}}}. */
  SERVER_BODY,
  /** {@code [{"filename": "query.jpg", "samples": ["gallery.jpg", …]}]}. */
  SAMPLES_LIST,
  /** {@code [{"filename": "query.jpg", "gallery_images": ["gallery.jpg", …]}]}. */
  GALLERY_IMAGES_LIST
}
