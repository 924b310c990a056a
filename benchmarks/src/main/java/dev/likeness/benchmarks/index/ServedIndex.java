package dev.likeness.benchmarks.index;

import dev.likeness.benchmarks.measure.ServiceProcess;
import dev.likeness.index.v1.CreateCollectionRequest;
import dev.likeness.index.v1.GetCollectionRequest;
import dev.likeness.index.v1.IndexServiceGrpc;
import dev.likeness.index.v1.IndexServiceGrpc.IndexServiceBlockingStub;
import dev.likeness.index.v1.Query;
import dev.likeness.index.v1.QueryVector;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SearchNeighborsResponse;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.UpsertVectorsResponse;
import dev.likeness.index.v1.Vector;
import io.grpc.stub.BlockingClientCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The index service as its callers meet it: a process of its own behind gRPC. */
final class ServedIndex implements AutoCloseable {

  private static final String COLLECTION = "bench";
  private static final int K = 10;
  private static final int BATCH = 1000;
  private static final int CALLS_TO_SETTLE = 15_000;

  private final ServiceProcess process;
  private final IndexServiceBlockingStub index;
  private final List<Query> queries = new ArrayList<>();

  private ServedIndex(ServiceProcess process, float[][] queries) {
    this.process = process;
    this.index = IndexServiceGrpc.newBlockingStub(process.channel());
    for (float[] query : queries) {
      QueryVector.Builder values = QueryVector.newBuilder();
      for (float value : query) {
        values.addValues(value);
      }
      this.queries.add(Query.newBuilder().setVector(values).build());
    }
  }

  /**
   * Starts the service and writes the data.
   *
   * @param root of the built sources
   * @param home of the service
   * @param threads that search
   */
  static ServedIndex start(VectorData data, Path root, Path home, int threads) throws Exception {
    ServiceProcess process =
        ServiceProcess.start(
            "index", root, home, List.of("-Xmx1g", "-Dlikeness.index.search.threads=" + threads));
    ServedIndex served = new ServedIndex(process, data.queries());
    try {
      served.write(data);
      return served;
    } catch (Exception failure) {
      served.close();
      throw failure;
    }
  }

  private void write(VectorData data) throws Exception {
    var _ =
        index.createCollection(
            CreateCollectionRequest.newBuilder()
                .setName(COLLECTION)
                .setDimension(data.dimension())
                .build());
    float[][] rows = data.rows();
    BlockingClientCall<UpsertVectorsRequest, UpsertVectorsResponse> call =
        IndexServiceGrpc.newBlockingV2Stub(process.channel()).upsertVectors();
    for (int from = 0; from < rows.length; from += BATCH) {
      UpsertVectorsRequest.Builder batch =
          UpsertVectorsRequest.newBuilder().setCollection(COLLECTION);
      for (int row = from; row < Math.min(rows.length, from + BATCH); row++) {
        Vector.Builder vector = batch.addVectorsBuilder().setId(Integer.toString(row));
        for (float value : rows[row]) {
          vector.addValues(value);
        }
      }
      UpsertVectorsResponse acknowledged = call.write(batch.build()) ? call.read() : null;
      if (acknowledged == null || acknowledged.getFailuresCount() > 0) {
        throw new IllegalStateException("the service did not take all vectors: " + acknowledged);
      }
    }
    call.halfClose();
  }

  /**
   * Calls until both sides have compiled what a call runs through; a service answers for days, and
   * its first calls take several times as long.
   */
  void settle() {
    GetCollectionRequest request = GetCollectionRequest.newBuilder().setName(COLLECTION).build();
    for (int call = 0; call < CALLS_TO_SETTLE; call++) {
      var _ = index.getCollection(request);
    }
  }

  /**
   * Callers that ask single queries, each the next one when it has its answer.
   *
   * @return queries answered
   */
  long searchAtOnce(int callers, int queriesOfEach) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int caller = 0; caller < callers; caller++) {
        int first = caller * queriesOfEach;
        running.add(
            threads.submit(
                () -> {
                  for (int q = 0; q < queriesOfEach; q++) {
                    search((first + q) % queries.size(), 1);
                  }
                }));
      }
    }
    for (Future<?> caller : running) {
      caller.get();
    }
    return (long) callers * queriesOfEach;
  }

  /** As {@link OurIndex#searchAll}. */
  long searchAll(int count, int repetitions) {
    for (int repetition = 0; repetition < repetitions; repetition++) {
      search(repetition * count % (queries.size() - count + 1), count);
    }
    return (long) count * repetitions;
  }

  private void search(int first, int count) {
    SearchNeighborsResponse answer =
        index.searchNeighbors(
            SearchNeighborsRequest.newBuilder()
                .setCollection(COLLECTION)
                .addAllQueries(queries.subList(first, first + count))
                .setK(K)
                .build());
    if (answer.getResultsCount() != count) {
      throw new IllegalStateException(
          "%d queries, %d answers".formatted(count, answer.getResultsCount()));
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.close();
  }
}
