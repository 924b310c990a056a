package dev.likeness.gateway.run;

/** There is no run of that id. */
public final class RunNotFoundException extends RunException {

  private static final long serialVersionUID = 1L;

  /**
   * @param id the id as the client gave it
   */
  public RunNotFoundException(String id) {
    super("there is no run '%s'; list the runs to see their ids".formatted(id));
  }
}
