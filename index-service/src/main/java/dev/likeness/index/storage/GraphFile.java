package dev.likeness.index.storage;

import dev.likeness.index.graph.Graph;
import dev.likeness.index.graph.GraphLayout;
import dev.likeness.index.graph.RecallCurve;
import dev.likeness.index.search.SealedGraph;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The file {@code graph-<segment>}, version 1: the graph over the rows of a segment. All numbers
 * are little-endian, {@code u} is unsigned. It is never changed. It can be made again from the
 * segment, so that a missing or damaged one loses nothing.
 *
 * <pre>
 *      0  u64  magic                 "LIKEVGRA"
 *      8  u32  version               1
 *     12  u32  row count             of the segment
 *     16  u64  segment               its number
 *     24  u32  CRC32C of the header of the segment
 *     28  u32  links of a node of the lowest layer at most
 *     32  u32  links of a node of another layer at most
 *     36  u32  upper layers, n       0 to 30
 *     40  u32  points of recall, p   0 to 128
 *     44  u32 [30]  nodes of each upper layer, the lowest first
 *    164  p times 20 bytes: u32 width, f64 recall at 10, f64 recall at 100
 *   4088  u32  CRC32C of all bytes from 4096 on
 *   4092  u32  CRC32C of bytes 0 to 4091
 *   4096  links and rows, see {@link GraphLayout}
 * </pre>
 */
public final class GraphFile implements SealedGraph {

  private static final long MAGIC = 0x41524756454B494CL; // "LIKEVGRA" read as little-endian
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 4096;
  private static final int SIZES_OFFSET = 44;
  private static final int POINTS_OFFSET = SIZES_OFFSET + GraphLayout.MAX_UPPER * Integer.BYTES;
  private static final int POINT_BYTES = 20;
  private static final int MAX_POINTS = 128;
  private static final int BODY_CRC_OFFSET = HEADER_BYTES - 8;
  private static final int CRC_OFFSET = HEADER_BYTES - 4;
  private static final int STEP = 1 << 20;

  private final Arena arena;
  private final Graph graph;

  private GraphFile(Arena arena, Graph graph) {
    this.arena = arena;
    this.graph = graph;
  }

  public static String name(long segment) {
    return "graph-" + segment;
  }

  /** Under this name it is written. */
  static String nameBeside(long segment) {
    return name(segment) + ".new";
  }

  /** Writes and forces the file beside its name, and moves it there. */
  public static void write(Path directory, FileOperations files, Segment segment, Graph graph)
      throws IOException {
    Path path = directory.resolve(name(segment.number()));
    Path beside = directory.resolve(nameBeside(segment.number()));
    try (RandomAccessFile file = files.open(beside)) {
      files.truncate(file, 0);
      CRC32C body = new CRC32C();
      long at = HEADER_BYTES;
      byte[] buffer = new byte[STEP];
      for (MemorySegment part : GraphLayout.parts(graph)) {
        for (long from = 0; from < part.byteSize(); from += STEP) {
          int length = (int) Math.min(STEP, part.byteSize() - from);
          MemorySegment.copy(part, ValueLayout.JAVA_BYTE, from, buffer, 0, length);
          body.update(buffer, 0, length);
          files.write(file, at, buffer, length);
          at += length;
        }
      }
      byte[] header = header(segment, GraphLayout.of(graph), (int) body.getValue());
      files.write(file, 0, header, HEADER_BYTES);
      files.force(file);
    }
    files.move(beside, path);
    files.forceDirectory(directory);
  }

  private static byte[] header(Segment segment, GraphLayout layout, int bodyChecksum) {
    ByteBuffer out = LogFormat.buffer(HEADER_BYTES);
    out.putLong(MAGIC).putInt(VERSION).putInt(layout.rowCount()).putLong(segment.number());
    out.putInt(segment.headerChecksum());
    out.putInt(layout.baseDegree()).putInt(layout.upperDegree());
    out.putInt(layout.upperSizes().size()).putInt(layout.recall().points().size());
    layout.upperSizes().forEach(out::putInt);
    out.position(POINTS_OFFSET);
    for (RecallCurve.Point point : layout.recall().points()) {
      out.putInt(point.width()).putDouble(point.recallAt10()).putDouble(point.recallAt100());
    }
    out.putInt(BODY_CRC_OFFSET, bodyChecksum);
    out.putInt(CRC_OFFSET, LogFormat.crc(out.array(), 0, CRC_OFFSET));
    return out.array();
  }

  /**
   * Maps and verifies the graph of a segment.
   *
   * @throws LogDamagedException if it is not what was written for this segment
   */
  public static GraphFile open(Path directory, Segment segment) throws IOException {
    String name = name(segment.number());
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.READ)) {
      if (channel.size() < HEADER_BYTES) {
        throw new LogDamagedException(name, channel.size(), "the file ends within its header");
      }
      MemorySegment all = MappedFile.map(channel, arena);
      MemorySegment body = all.asSlice(HEADER_BYTES);
      byte[] header = all.asSlice(0, HEADER_BYTES).toArray(ValueLayout.JAVA_BYTE);
      GraphLayout layout = layout(name, header, segment, body);
      return new GraphFile(arena, layout.graph(body));
    } catch (IllegalArgumentException e) {
      arena.close();
      throw new LogDamagedException(name, 0, String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  private static GraphLayout layout(String name, byte[] header, Segment segment, MemorySegment body)
      throws IOException {
    ByteBuffer in = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getLong(0) != MAGIC || in.getInt(CRC_OFFSET) != LogFormat.crc(header, 0, CRC_OFFSET)) {
      throw new LogDamagedException(name, 0, "checksum mismatch in the file header");
    }
    if (in.getInt(8) != VERSION) {
      throw new LogDamagedException(
          name, 8, "format version %d, this program reads %d".formatted(in.getInt(8), VERSION));
    }
    boolean belongs =
        in.getInt(12) == segment.count()
            && in.getLong(16) == segment.number()
            && in.getInt(24) == segment.headerChecksum();
    if (!belongs) {
      throw new LogDamagedException(name, 12, "it is the graph of another segment");
    }
    int upper = in.getInt(36);
    int points = in.getInt(40);
    if (upper < 0 || upper > GraphLayout.MAX_UPPER || points < 0 || points > MAX_POINTS) {
      throw new LogDamagedException(
          name, 36, "%d layers and %d points of recall".formatted(upper, points));
    }
    List<Integer> sizes = new ArrayList<>();
    for (int layer = 0; layer < upper; layer++) {
      sizes.add(in.getInt(SIZES_OFFSET + layer * Integer.BYTES));
    }
    List<RecallCurve.Point> curve = new ArrayList<>();
    for (int point = 0; point < points; point++) {
      int at = POINTS_OFFSET + point * POINT_BYTES;
      curve.add(new RecallCurve.Point(in.getInt(at), in.getDouble(at + 4), in.getDouble(at + 12)));
    }
    GraphLayout layout =
        new GraphLayout(
            segment.count(), in.getInt(28), in.getInt(32), sizes, new RecallCurve(curve));
    if (layout.sizeBytes() != body.byteSize()) {
      throw new LogDamagedException(name, 28, "the header does not fit the file");
    }
    if (checksum(body) != in.getInt(BODY_CRC_OFFSET)) {
      throw new LogDamagedException(name, HEADER_BYTES, "checksum mismatch in the links");
    }
    return layout;
  }

  private static int checksum(MemorySegment body) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < body.byteSize(); at += STEP) {
      crc.update(body.asSlice(at, Math.min(STEP, body.byteSize() - at)).asByteBuffer());
    }
    return (int) crc.getValue();
  }

  @Override
  public Graph graph() {
    return graph;
  }

  /** Unmaps it; nobody may search it any more. */
  @Override
  public void close() {
    arena.close();
  }
}
