package dev.likeness.index.search;

import dev.likeness.index.graph.CodedRows;

/** Sealed rows with their codes, kept in memory until this is closed. */
public interface HeldCodes extends AutoCloseable {

  CodedRows rows();

  @Override
  void close();
}
