package dev.likeness.gateway.gallery;

import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.gateway.attribute.AttributeTable;
import dev.likeness.gateway.attribute.AttributeValue;
import dev.likeness.gateway.attribute.Attributes;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the images of a gallery beside their pixels: file name, folder and class, and
 * what a file of attributes says. A column of the file replaces what was known without it.
 *
 * @param root the folder of the gallery; folders are told from there
 * @param table what the file says
 * @param classes class by file name, as far as they are known
 */
record ImageDescriptions(Path root, AttributeTable table, Map<String, String> classes) {

  Attributes of(ImageFile image) {
    Map<String, AttributeValue> values = new TreeMap<>();
    put(values, AttributeTable.FILE_COLUMN, image.name());
    put(values, "folder", folder(image));
    put(values, "class", classes.get(image.name()));
    values.putAll(table.of(image.name()).values());
    return Attributes.of(values);
  }

  /** The folder below the root with '/' between its parts; null for the root itself. */
  private @Nullable String folder(ImageFile image) {
    Path folder = image.path().getParent();
    if (folder == null || folder.equals(root) || !folder.startsWith(root)) {
      return null;
    }
    return root.relativize(folder).toString().replace(root.getFileSystem().getSeparator(), "/");
  }

  /** A name that the index would refuse is not known. */
  private static void put(Map<String, AttributeValue> values, String name, @Nullable String text) {
    if (text != null) {
      try {
        values.put(name, new AttributeValue.Text(text));
      } catch (IllegalArgumentException e) {
        values.remove(name);
      }
    }
  }

  AttributeReport report(List<ImageFile> images) {
    Set<String> names = new HashSet<>();
    images.forEach(image -> names.add(image.name()));
    List<String> undescribed = without(names, table.names());
    List<String> unknown = without(table.names(), names);
    return new AttributeReport(
        table.columns(),
        names.size() - undescribed.size(),
        undescribed.size(),
        unknown.size(),
        first(undescribed),
        first(unknown));
  }

  private static List<String> without(Collection<String> names, Set<String> others) {
    return names.stream().filter(name -> !others.contains(name)).sorted().toList();
  }

  private static List<String> first(List<String> names) {
    return names.subList(0, Math.min(AttributeReport.SHOWN, names.size()));
  }
}
