package dev.likeness.trainer.job;

import dev.likeness.encoders.store.EncoderName;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Values that several tests use. */
public final class Jobs {

  /** Events as text: the name of the state, with the stage of a running job. */
  public static final EventFormat TEXT_EVENTS =
      job ->
          List.of(
              new EventFormat.Draft(
                  "changes",
                  job.id().value(),
                  "text",
                  new OutboxEvent.Payload(text(job).getBytes(StandardCharsets.UTF_8))));

  private Jobs() {}

  /** A spec that differs from others by its seed. */
  public static TrainingSpec spec(long seed) {
    return new TrainingSpec(
        "/data/pets",
        new EncoderName("resnet50"),
        new EncoderName("resnet50-pets"),
        seed,
        new Method.PcaWhitening(null));
  }

  /** The text of an event of {@link #TEXT_EVENTS}. */
  public static String text(OutboxEvent event) {
    return new String(event.payload().bytes(), StandardCharsets.UTF_8);
  }

  private static String text(TrainingJob job) {
    String state = JobRow.nameOf(job.state());
    return job.state() instanceof JobState.Running running && !running.progress().stage().isEmpty()
        ? state + " " + running.progress().stage()
        : state;
  }
}
