package dev.likeness.benchmarks.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What this machine can do at most: the share of it is what a kernel can be judged by on any
 * machine.
 *
 * @param flopPerSecond float32 operations of fused multiply-adds that wait for nothing, all threads
 * @param bytesPerSecond read from memory in one stream per thread, all threads
 */
record MachineLimits(double flopPerSecond, double bytesPerSecond) {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final int CHAINS = 12;
  private static final int STEPS = 2_000_000;
  private static final int TRIES = 12;

  /** Larger than what second-level caches hold, about what 100,000 rows of 512 values are. */
  private static final long BYTES = 192L << 20;

  private static volatile double sink;

  static MachineLimits measure(int threads) throws InterruptedException {
    double flop = 2.0 * CHAINS * FLOATS.length() * STEPS * threads / best(threads, t -> multiply());
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(BYTES, 64);
      memory.fill((byte) 1);
      long part = BYTES / threads / 4096 * 4096;
      double seconds = best(threads, t -> read(memory, t * part, (t + 1) * part));
      return new MachineLimits(flop, part * threads / seconds);
    }
  }

  private interface Work {
    double run(int thread);
  }

  private static double best(int threads, Work work) throws InterruptedException {
    double best = Double.POSITIVE_INFINITY;
    for (int attempt = 0; attempt < TRIES; attempt++) {
      List<Thread> running = new ArrayList<>();
      long started = System.nanoTime();
      for (int t = 0; t < threads; t++) {
        int number = t;
        running.add(Thread.ofPlatform().start(() -> sink = work.run(number)));
      }
      for (Thread thread : running) {
        thread.join();
      }
      best = Math.min(best, (System.nanoTime() - started) / 1e9);
    }
    return best;
  }

  private static double multiply() {
    FloatVector half = FloatVector.broadcast(FLOATS, 0.5f);
    FloatVector a = half, b = half, c = half, d = half, e = half, f = half;
    FloatVector g = half, h = half, i = half, j = half, k = half, l = half;
    for (int step = 0; step < STEPS; step++) {
      a = half.fma(half, a);
      b = half.fma(half, b);
      c = half.fma(half, c);
      d = half.fma(half, d);
      e = half.fma(half, e);
      f = half.fma(half, f);
      g = half.fma(half, g);
      h = half.fma(half, h);
      i = half.fma(half, i);
      j = half.fma(half, j);
      k = half.fma(half, k);
      l = half.fma(half, l);
    }
    FloatVector all = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k);
    return all.add(l).reduceLanes(VectorOperators.ADD);
  }

  private static double read(MemorySegment memory, long from, long to) {
    long sum = 0;
    long window = 1 << 18;
    for (long at = from; at < to; at += window) {
      sum ^= readWindow(memory, at, Math.min(to, at + window));
    }
    return sum;
  }

  private static long readWindow(MemorySegment memory, long from, long to) {
    int register = LONGS.vectorByteSize();
    LongVector a = LongVector.zero(LONGS), b = a, c = a, d = a;
    for (long at = from; at < to; at += 4L * register) {
      a = a.lanewise(VectorOperators.XOR, load(memory, at));
      b = b.lanewise(VectorOperators.XOR, load(memory, at + register));
      c = c.lanewise(VectorOperators.XOR, load(memory, at + 2L * register));
      d = d.lanewise(VectorOperators.XOR, load(memory, at + 3L * register));
    }
    return a.add(b).add(c).add(d).reduceLanes(VectorOperators.XOR);
  }

  private static LongVector load(MemorySegment memory, long at) {
    return LongVector.fromMemorySegment(LONGS, memory, at, ByteOrder.nativeOrder());
  }
}
