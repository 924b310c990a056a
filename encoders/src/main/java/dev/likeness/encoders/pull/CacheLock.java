package dev.likeness.encoders.pull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps other threads and other processes out of a folder of the cache. The system lets go of it
 * when the process dies.
 */
final class CacheLock implements AutoCloseable {

  private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();

  private final ReentrantLock thread;
  private final FileChannel process;

  private CacheLock(ReentrantLock thread, FileChannel process) {
    this.thread = thread;
    this.process = process;
  }

  static CacheLock on(Path file) throws IOException {
    ReentrantLock thread =
        THREADS.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new ReentrantLock());
    thread.lock();
    FileChannel process = null;
    try {
      process = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      process.lock();
      return new CacheLock(thread, process);
    } catch (IOException | RuntimeException failed) {
      if (process != null) {
        process.close();
      }
      thread.unlock();
      throw failed;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      process.close();
    } finally {
      thread.unlock();
    }
  }
}
