package dev.likeness.encoders.pull;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Closes a stream that gives nothing for too long, so that whoever waits for it gets an error
 * instead. {@link #read} is for one thread; the watch runs on its own.
 */
final class StallWatch implements AutoCloseable {

  private final InputStream stream;
  private final Duration patience;
  private final Thread thread;
  private volatile long lastMove = System.nanoTime();
  private volatile boolean done;
  private volatile boolean gaveUp;

  StallWatch(InputStream stream, Duration patience) {
    this.stream = stream;
    this.patience = patience;
    this.thread = Thread.ofVirtual().name("download-stall-watch").start(this::watch);
  }

  /** Reads as the stream does. */
  int read(byte[] piece) throws IOException {
    try {
      int read = stream.read(piece);
      lastMove = System.nanoTime();
      return read;
    } catch (IOException broken) {
      throw gaveUp ? new IOException("nothing came for " + patience, broken) : broken;
    }
  }

  @Override
  public void close() {
    done = true;
    LockSupport.unpark(thread);
  }

  private void watch() {
    while (!done) {
      long left = patience.toNanos() - (System.nanoTime() - lastMove);
      if (left <= 0) {
        giveUp();
        return;
      }
      LockSupport.parkNanos(left);
    }
  }

  private void giveUp() {
    gaveUp = true;
    try {
      stream.close();
    } catch (IOException closedAlready) {
      done = true; // the reader has its error
    }
  }
}
