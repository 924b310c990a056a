package dev.likeness.trainer.kafka;

import dev.likeness.trainer.config.TrainerConfig;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/**
 * Creates the topics that are missing, in the background: at each start, and as often as it takes
 * until the broker has answered once.
 */
@Singleton
public final class TopicSetup implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(TopicSetup.class);
  private static final Duration PAUSE = Duration.ofSeconds(3);

  private final KafkaClients clients;
  private final TrainerConfig.Events config;
  private final Thread thread =
      Thread.ofPlatform().name("trainer-topics").daemon().unstarted(this::run);

  /** Called by the container. */
  public TopicSetup(KafkaClients clients, TrainerConfig config) {
    this.clients = clients;
    this.config = config.events();
  }

  /** Starts. Called once. */
  public void start() {
    thread.start();
  }

  private void run() {
    try {
      while (!tryOnce()) {
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tryOnce() throws InterruptedException {
    try (Admin admin = clients.admin()) {
      List<NewTopic> topics =
          Topics.all().stream()
              .map(name -> new NewTopic(name, config.partitions(), config.replication()))
              .toList();
      for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) {
        await(created);
      }
      LOG.infof("the topics are there: %s", Topics.all());
      return true;
    } catch (ExecutionException | KafkaException e) {
      LOG.debugf(e, "the topics cannot be created yet");
      return false;
    }
  }

  private static void await(KafkaFuture<Void> created)
      throws InterruptedException, ExecutionException {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
