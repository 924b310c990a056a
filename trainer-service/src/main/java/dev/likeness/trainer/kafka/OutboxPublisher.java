package dev.likeness.trainer.kafka;

import dev.likeness.service.EventHeaders;
import dev.likeness.trainer.config.ProcessName;
import dev.likeness.trainer.config.TrainerConfig;
import dev.likeness.trainer.job.JobStoreException;
import dev.likeness.trainer.job.Outbox;
import dev.likeness.trainer.job.OutboxEvent;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends what is in the outbox, oldest first and one after the other, so that the events of a key
 * keep their order. An event leaves the outbox when the broker has confirmed it; until then it is
 * sent again, with the same {@code ce_id}, for as long as it takes.
 *
 * <p>One thread, {@code trainer-outbox}; nobody waits for it.
 */
@Singleton
public final class OutboxPublisher implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(OutboxPublisher.class);
  private static final String SOURCE = "/likeness/trainer";
  private static final int BATCH = 100;

  /** Longer than the producer tries one record, so that the duty outlasts a slow broker. */
  private static final Duration DUTY_LEASE = Duration.ofSeconds(30);

  private final Outbox outbox;
  private final KafkaClients clients;
  private final TrainerConfig.Events config;
  private final String owner;
  private final Thread thread =
      Thread.ofPlatform().name("trainer-outbox").daemon().unstarted(this::run);
  private volatile boolean stopping;
  private @Nullable Producer<String, byte[]> producer;
  private @Nullable Long heldSince;
  private int failures;

  /** Called by the container. */
  public OutboxPublisher(
      Outbox outbox, KafkaClients clients, TrainerConfig config, ProcessName process) {
    this.outbox = outbox;
    this.clients = clients;
    this.config = config.events();
    this.owner = process.value();
  }

  /** Starts. Called once. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!stopping) {
        Duration pause = publishBatch() ? Duration.ZERO : config.poll();
        pause = failures == 0 ? pause : backoff();
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeProducer();
    }
  }

  /** Sends some events; says whether there may be more. */
  private boolean publishBatch() throws InterruptedException {
    try {
      if (outbox.oldest(1).isEmpty()) {
        failures = 0;
        return false;
      }
      if (!holdDuty()) {
        return false;
      }
      List<OutboxEvent> events = outbox.oldest(BATCH);
      for (OutboxEvent event : events) {
        if (stopping || !holdDuty()) {
          return false;
        }
        send(event);
        outbox.remove(event);
      }
      failures = 0;
      return events.size() == BATCH;
    } catch (ExecutionException | KafkaException e) {
      failed("the broker does not take events; they wait in the outbox", e);
    } catch (JobStoreException e) {
      failed("the outbox cannot be read", e);
    }
    return false;
  }

  /** Asks the store again only when a good part of the lease is over. */
  private boolean holdDuty() {
    long now = System.nanoTime();
    if (heldSince == null || now - heldSince > DUTY_LEASE.toNanos() / 3) {
      heldSince = outbox.holdDuty(owner, DUTY_LEASE) ? (Long) now : null;
    }
    return heldSince != null;
  }

  private void send(OutboxEvent event) throws ExecutionException, InterruptedException {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(event.topic(), event.key(), event.payload().bytes());
    new EventHeaders(event.id(), SOURCE, event.type(), event.time())
        .asMap()
        .forEach(
            (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    var confirmed = producer().send(record).get();
    LOG.debugf("sent %s to %s", event.id(), confirmed);
  }

  private Producer<String, byte[]> producer() {
    Producer<String, byte[]> current = producer;
    if (current == null) {
      current = clients.producer();
      producer = current;
    }
    return current;
  }

  /** A fresh producer next time: one that has failed may be of no use any more. */
  private void failed(String what, Exception e) {
    failures++;
    if (failures == 1) {
      LOG.warnf("%s: %s", what, e.getMessage());
    } else {
      LOG.debugf(e, "%s", what);
    }
    closeProducer();
  }

  private void closeProducer() {
    Producer<String, byte[]> current = producer;
    producer = null;
    if (current != null) {
      current.close(Duration.ZERO);
    }
  }

  private Duration backoff() {
    Duration delay = Duration.ofMillis(500L << Math.min(failures - 1, 6));
    return delay.compareTo(config.maxBackoff()) < 0 ? delay : config.maxBackoff();
  }

  /** Stops after the event that is being sent, and lets another process go on at once. */
  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
      outbox.releaseDuty(owner);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (JobStoreException e) {
      LOG.debugf(e, "the duty of the outbox runs out by itself");
    }
  }
}
