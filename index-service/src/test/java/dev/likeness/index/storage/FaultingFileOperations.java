package dev.likeness.index.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A disk that fails at the n-th step and at all later ones until it is repaired. A failing write
 * leaves the given share of its bytes behind.
 */
public final class FaultingFileOperations extends FileOperations {

  private int stepsUntilFailure = Integer.MAX_VALUE;
  private double shareWritten;
  private boolean onlyOnce;
  private int steps;

  public void failAt(int step, double share, boolean once) {
    stepsUntilFailure = step;
    shareWritten = share;
    onlyOnce = once;
    steps = 0;
  }

  public void repair() {
    stepsUntilFailure = Integer.MAX_VALUE;
  }

  /** Steps since {@link #failAt}. */
  public int steps() {
    return steps;
  }

  private boolean fails() {
    int step = steps++;
    return onlyOnce ? step == stepsUntilFailure : step >= stepsUntilFailure;
  }

  private void step() throws IOException {
    if (fails()) {
      throw new IOException("No space left on device");
    }
  }

  @Override
  public RandomAccessFile open(Path file) throws IOException {
    step();
    return super.open(file);
  }

  @Override
  public void write(RandomAccessFile file, long position, byte[] bytes, int from, int length)
      throws IOException {
    if (fails()) {
      super.write(file, position, bytes, from, (int) (length * shareWritten));
      throw new IOException("No space left on device");
    }
    super.write(file, position, bytes, from, length);
  }

  @Override
  public void write(RandomAccessFile file, long position, MemorySegment bytes) throws IOException {
    if (fails()) {
      super.write(file, position, bytes.asSlice(0, (long) (bytes.byteSize() * shareWritten)));
      throw new IOException("No space left on device");
    }
    super.write(file, position, bytes);
  }

  @Override
  public void forceData(RandomAccessFile file) throws IOException {
    step();
    super.forceData(file);
  }

  @Override
  public void force(RandomAccessFile file) throws IOException {
    step();
    super.force(file);
  }

  @Override
  public void truncate(RandomAccessFile file, long length) throws IOException {
    step();
    super.truncate(file, length);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    step();
    super.move(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    step();
    super.delete(file);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    step();
    super.forceDirectory(directory);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    step();
    super.createDirectory(directory);
  }
}
