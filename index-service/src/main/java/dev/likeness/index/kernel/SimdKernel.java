package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Supplier;
import jdk.incubator.vector.FloatVector;

/** The tiles that fit the registers of this machine. */
public final class SimdKernel implements VectorKernel {

  private final Tiles tiles;
  private final GatherScores gather;
  private final Supplier<Optional<CodeProduct>> product;

  /** The widest registers the JVM prefers, 512 bit at most. */
  public SimdKernel() {
    this(Optional::empty);
  }

  /**
   * @param product asked for each time, since it may be there later only
   */
  public SimdKernel(Supplier<Optional<CodeProduct>> product) {
    this(
        FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512 ? new Tiles512() : new Tiles256(),
        product);
  }

  SimdKernel(Tiles tiles) {
    this(tiles, Optional::empty);
  }

  private SimdKernel(Tiles tiles, Supplier<Optional<CodeProduct>> product) {
    this.product = product;
    this.tiles = tiles;
    this.gather = tiles instanceof Tiles512 ? new GatherScores512() : new GatherScores256();
  }

  @Override
  public String name() {
    return "simd-" + tiles.lanes() * Float.SIZE;
  }

  @Override
  public int wideWidth() {
    return 2 * tiles.lanes();
  }

  @Override
  public int narrowWidth() {
    return tiles.lanes();
  }

  @Override
  public int groupRows() {
    return tiles.groupRows();
  }

  @Override
  public void scoreTile(RowTile tile, QueryPanel panel, Hits hits) {
    hits.limitRows(tile.rowCount());
    if (panel.width() == tiles.lanes()) {
      tiles.narrow(tile.values(), tile.rowCount(), tile.dimension(), panel, hits);
    } else {
      tiles.wide(tile.grouped(), tile.rowCount(), tile.dimension(), panel, hits);
    }
  }

  @Override
  public void scoreCodes(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int stride,
      float[] sums,
      int at) {
    tiles.codes(query, codes, offset0, offset1, offset2, offset3, stride, sums, at);
  }

  @Override
  public void scoreCodes(CodedQuery query, CodedBlock block, int count, int[] sums) {
    gather.score(query.values(), block.codes(), count, sums);
  }

  @Override
  public Optional<CodeProduct> product() {
    return product.get();
  }

  @Override
  public int reached(
      MemorySegment sums, long offset, int lanes, float scale, float[] thresholds, int[] reached) {
    return ReachedLanes.find(sums, offset, lanes, scale, thresholds, reached);
  }

  @Override
  public float largest(float[] values) {
    return tiles.largest(values);
  }

  @Override
  public float encode(float[] values, float factor, byte[] codes) {
    return tiles.encode(values, factor, codes);
  }

  @Override
  public int squares(byte[] codes) {
    return CodeSquares.sum(codes);
  }
}
