package dev.likeness.index.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.graph.CodedRows;
import dev.likeness.index.graph.Graph;
import dev.likeness.index.graph.GraphFixture;
import dev.likeness.index.graph.GraphLayout;
import dev.likeness.index.graph.GraphSearcher;
import dev.likeness.index.graph.RecallCurve;
import dev.likeness.index.graph.RowFilter;
import dev.likeness.index.search.FrozenRows;
import dev.likeness.index.search.SealedRows;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphFileTest {

  private static final int DIMENSION = 16;

  @TempDir private Path directory;

  private final float[][] rows = GraphFixture.clustered(600, DIMENSION, 5, 1);
  private final CodedRows coded = GraphFixture.coded(rows, Arena.global());
  private final Graph graph = GraphFixture.graph(coded, 1, Arena.global());
  private final FileOperations files = new FileOperations();
  private Segment segment;

  @BeforeEach
  void writeSegmentAndGraph() throws IOException {
    segment = segment(7, 600);
    GraphFile.write(directory, files, segment, graph);
  }

  @AfterEach
  void close() {
    segment.close();
  }

  @Test
  void comesBackAsItWasWritten() throws IOException {
    try (GraphFile file = GraphFile.open(directory, segment)) {
      Graph read = file.graph();
      assertThat(GraphLayout.of(read)).isEqualTo(GraphLayout.of(graph));
      assertThat(read.recall().points()).isNotEmpty();
      for (int i = 0; i < rows.length; i += 50) {
        assertThat(found(read, rows[i])).isEqualTo(found(graph, rows[i]));
      }
    }
  }

  @Test
  void refusesTheGraphOfAnotherSegment() throws IOException {
    Segment other = segment(8, 599);
    Files.move(directory.resolve("graph-7"), directory.resolve("graph-8"));
    assertThatThrownBy(() -> GraphFile.open(directory, other))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining("another segment");
    other.close();
  }

  @Test
  void noticesEveryFlippedBitOfItsHeaderAndAnyOfItsLinks() throws IOException {
    byte[] whole = Files.readAllBytes(directory.resolve("graph-7"));
    Random random = new Random(3);
    for (int trial = 0; trial < 400; trial++) {
      byte[] damaged = whole.clone();
      int at = trial < 200 ? trial : random.nextInt(whole.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(directory.resolve("graph-7"), damaged);
      assertThatThrownBy(() -> GraphFile.open(directory, segment))
          .as("byte %d", at)
          .isInstanceOf(LogDamagedException.class);
    }
  }

  @Test
  void refusesEveryTruncatedFile() throws IOException {
    byte[] whole = Files.readAllBytes(directory.resolve("graph-7"));
    for (int length : new int[] {0, 1, 4095, 4096, 4097, whole.length / 2, whole.length - 1}) {
      Files.write(directory.resolve("graph-7"), Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> GraphFile.open(directory, segment))
          .isInstanceOf(LogDamagedException.class);
    }
  }

  @Test
  void refusesLinksThatLeadNowhereEvenWithARightChecksum() {
    GraphLayout layout = new GraphLayout(600, 4, 4, List.of(3), new RecallCurve(List.of()));
    for (int hostile : new int[] {600, -2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      for (long at : new long[] {0, 599 * 16L + 12, 600 * 16L + 4, 600 * 16L + 3 * 4L}) {
        MemorySegment memory = Arena.ofAuto().allocate(layout.sizeBytes());
        layout.graph(memory);
        memory.set(ValueLayout.JAVA_INT, at, hostile);
        assertThatThrownBy(() -> layout.graph(memory))
            .as("%d at byte %d", hostile, at)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void refusesSenselessLayouts() {
    RecallCurve none = new RecallCurve(List.of());
    assertThatThrownBy(() -> new GraphLayout(0, 4, 4, List.of(), none)).isNotNull();
    assertThatThrownBy(() -> new GraphLayout(5, 4, 4, List.of(6), none)).isNotNull();
    assertThatThrownBy(() -> new GraphLayout(5, 4, 4, List.of(2, 3), none)).isNotNull();
    assertThatThrownBy(() -> new GraphLayout(5, 1_000_000, 4, List.of(), none)).isNotNull();
    assertThatThrownBy(() -> new RecallCurve.Point(10, Double.NaN, 0)).isNotNull();
  }

  private List<Integer> found(Graph in, float[] query) {
    try (GraphSearcher searcher = in.searcher(coded, GraphFixture.KERNEL)) {
      searcher.search(query, 10, RowFilter.ALL);
      return IntStream.range(0, searcher.found()).mapToObj(searcher::foundRow).toList();
    }
  }

  private Segment segment(long number, int count) throws IOException {
    Path path = directory.resolve("segment-" + number);
    SegmentWriter.write(path, files, number, DIMENSION, new Rows(count), number);
    return Segment.open(path, DIMENSION);
  }

  private final class Rows implements FrozenRows {
    private final int count;

    Rows(int count) {
      this.count = count;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public byte[] idBytes(int row) {
      return new VectorId("row " + row).toBytes();
    }

    @Override
    public Payload payload(int row) {
      return Payload.EMPTY;
    }

    @Override
    public MemorySegment values(int row, int most) {
      return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, rows[row]);
    }

    @Override
    public BitSet deleted(SealedRows sealed) {
      return new BitSet();
    }

    @Override
    public void close() {}
  }
}
