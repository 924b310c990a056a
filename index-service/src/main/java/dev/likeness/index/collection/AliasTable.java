package dev.likeness.index.collection;

import dev.likeness.index.storage.CheckedFile;
import dev.likeness.index.storage.FileOperations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The file {@code aliases}: alias = collection. It is replaced as a whole, so that several changes
 * happen together or not at all.
 */
final class AliasTable {

  private final CheckedFile file;

  AliasTable(Path root, FileOperations files) {
    file = new CheckedFile(root, "aliases", "aliases", files);
  }

  Map<CollectionName, CollectionName> read() throws IOException {
    Map<CollectionName, CollectionName> aliases = new TreeMap<>();
    if (file.exists()) {
      file.read()
          .forEach(
              (alias, collection) ->
                  aliases.put(new CollectionName(alias), new CollectionName(collection)));
    }
    return aliases;
  }

  void write(Map<CollectionName, CollectionName> aliases) throws IOException {
    file.write(
        aliases.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().value(), entry -> entry.getValue().value())));
  }
}
