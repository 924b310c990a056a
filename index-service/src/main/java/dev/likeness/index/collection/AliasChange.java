package dev.likeness.index.collection;

/** One change of an alias; several are applied together. */
public sealed interface AliasChange {

  CollectionName alias();

  /** Points the alias to a collection, whether it existed before or not. */
  record Point(CollectionName alias, CollectionName collection) implements AliasChange {}

  record Remove(CollectionName alias) implements AliasChange {}
}
