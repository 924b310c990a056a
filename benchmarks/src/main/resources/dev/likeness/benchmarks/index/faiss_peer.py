"""FAISS IndexFlatIP or IndexHNSWFlat behind standard input and output: one request per line, one answer per line."""
import sys
import time

import faiss
import numpy as np

K = 10


def main():
    dimension = index = rows = queries = None
    for line in sys.stdin:
        words = line.rstrip("\n").split("\t")
        if words[0] == "load":
            dimension, threads = int(words[1]), int(words[2])
            faiss.omp_set_num_threads(threads)
            rows = np.fromfile(words[3], dtype="<f4").reshape(-1, dimension)
            queries = np.fromfile(words[4], dtype="<f4").reshape(-1, dimension)
            index = faiss.IndexFlatIP(dimension)
            index.add(rows)
            answer = f"{faiss.__version__} {faiss.get_compile_options().strip()}"
        elif words[0] == "graph":
            index = faiss.IndexHNSWFlat(dimension, int(words[1]), faiss.METRIC_INNER_PRODUCT)
            index.hnsw.efConstruction = int(words[2])
            started = time.perf_counter_ns()
            index.add(rows)
            answer = str(time.perf_counter_ns() - started)
        elif words[0] == "width":
            index.hnsw.efSearch = int(words[1])
            answer = words[1]
        elif words[0] == "search":
            first, count, repetitions = map(int, words[1:])
            started = time.perf_counter_ns()
            for repetition in range(repetitions):
                at = (first + repetition * count) % (len(queries) - count + 1)
                index.search(queries[at : at + count], K)
            answer = str(time.perf_counter_ns() - started)
        else:
            first, count = map(int, words[1:])
            found = index.search(queries[first : first + count], K)[1]
            answer = ";".join(",".join(map(str, row)) for row in found)
        print("ok", answer, flush=True)


main()
