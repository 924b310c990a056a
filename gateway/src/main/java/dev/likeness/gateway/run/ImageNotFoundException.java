package dev.likeness.gateway.run;

/** The gallery of a run has no image of that name. */
public final class ImageNotFoundException extends RunException {

  private static final long serialVersionUID = 1L;

  /**
   * @param id id of the run
   * @param name the name as the client gave it
   */
  public ImageNotFoundException(String id, String name) {
    super("the gallery of run '%s' has no image '%s' now".formatted(id, name));
  }
}
