package dev.likeness.training.finetune.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Images by ordinal, sorted by path, with a dense number for each class. Immutable.
 *
 * @param images sorted
 * @param classNames sorted; a label is a position in it
 */
public record ImageSet(List<LabelledImage> images, List<String> classNames) {

  public ImageSet {
    images = List.copyOf(images);
    classNames = List.copyOf(classNames);
  }

  /** Whatever the order of the images, the set is the same. */
  public static ImageSet of(List<LabelledImage> images) {
    List<LabelledImage> sorted = new ArrayList<>(images);
    sorted.sort(Comparator.comparing(image -> image.path().toString()));
    TreeSet<String> names = new TreeSet<>();
    images.forEach(image -> names.add(image.className()));
    return new ImageSet(sorted, List.copyOf(names));
  }

  public int size() {
    return images.size();
  }

  /** Label of each image. */
  public int[] labels() {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < classNames.size(); i++) {
      numbers.put(classNames.get(i), i);
    }
    return images.stream().mapToInt(image -> numbers.get(image.className())).toArray();
  }

  /** Ordinals of each class's images among those given. */
  static Map<Integer, int[]> byClass(int[] ordinals, int[] labels) {
    Map<Integer, List<Integer>> lists = new HashMap<>();
    for (int ordinal : ordinals) {
      lists.computeIfAbsent(labels[ordinal], unused -> new ArrayList<>()).add(ordinal);
    }
    Map<Integer, int[]> found = new HashMap<>();
    lists.forEach(
        (label, list) -> found.put(label, list.stream().mapToInt(Integer::intValue).toArray()));
    return found;
  }
}
