package dev.likeness.index.error;

import java.util.List;

/** A collection cannot be deleted while aliases point to it. */
public final class CollectionInUseException extends IndexException {

  private final String name;

  @SuppressWarnings("serial") // copied with List.copyOf
  private final List<String> aliases;

  public CollectionInUseException(String name, List<String> aliases) {
    super(
        "collection '"
            + name
            + "' is the target of "
            + (aliases.size() == 1 ? "alias " : "aliases ")
            + String.join(", ", aliases)
            + "; move or remove them with SetAliases first");
    this.name = name;
    this.aliases = List.copyOf(aliases);
  }

  public String name() {
    return name;
  }

  public List<String> aliases() {
    return aliases;
  }
}
