"""hnswlib behind standard input and output: one request per line, one answer per line."""
import sys
import time

import hnswlib
import numpy as np

K = 10


def main():
    dimension = threads = index = rows = queries = None
    for line in sys.stdin:
        words = line.rstrip("\n").split("\t")
        if words[0] == "load":
            dimension, threads = int(words[1]), int(words[2])
            rows = np.fromfile(words[3], dtype="<f4").reshape(-1, dimension)
            queries = np.fromfile(words[4], dtype="<f4").reshape(-1, dimension)
            answer = getattr(hnswlib, "__version__", "of unknown version")
        elif words[0] == "graph":
            index = hnswlib.Index(space="ip", dim=dimension)
            index.init_index(max_elements=len(rows), M=int(words[1]), ef_construction=int(words[2]))
            index.set_num_threads(threads)
            started = time.perf_counter_ns()
            index.add_items(rows)
            answer = str(time.perf_counter_ns() - started)
        elif words[0] == "width":
            index.set_ef(int(words[1]))
            answer = words[1]
        elif words[0] == "search":
            first, count, repetitions = map(int, words[1:])
            started = time.perf_counter_ns()
            for repetition in range(repetitions):
                at = (first + repetition * count) % (len(queries) - count + 1)
                index.knn_query(queries[at : at + count], k=K)
            answer = str(time.perf_counter_ns() - started)
        else:
            first, count = map(int, words[1:])
            found = index.knn_query(queries[first : first + count], k=K)[0]
            answer = ";".join(",".join(map(str, row)) for row in found)
        print("ok", answer, flush=True)


main()
