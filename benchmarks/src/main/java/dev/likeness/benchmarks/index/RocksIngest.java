package dev.likeness.benchmarks.index;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** The same vectors by the same ids in RocksDB: a batch is acknowledged when its log is synced. */
final class RocksIngest implements AutoCloseable {

  private final float[][] rows;
  private final Options options;
  private final WriteOptions synced;
  private final RocksDB store;
  private final byte[] value;
  private final ByteBuffer buffer;
  private long next;

  RocksIngest(Path directory, float[][] rows) throws RocksDBException {
    RocksDB.loadLibrary();
    this.rows = rows;
    options = new Options().setCreateIfMissing(true);
    synced = new WriteOptions().setSync(true);
    store = RocksDB.open(options, directory.toString());
    value = new byte[rows[0].length * Float.BYTES];
    buffer = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Answers how many vectors were acknowledged. */
  long write(int batchSize, int batches) throws RocksDBException {
    for (int b = 0; b < batches; b++) {
      try (WriteBatch batch = new WriteBatch()) {
        for (int i = 0; i < batchSize; i++) {
          buffer.asFloatBuffer().put(rows[(int) (next % rows.length)]);
          batch.put(("vector-" + next++).getBytes(StandardCharsets.UTF_8), value);
        }
        store.write(synced, batch);
      }
    }
    return (long) batchSize * batches;
  }

  @Override
  public void close() {
    store.close();
    synced.close();
    options.close();
  }
}
