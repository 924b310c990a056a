package dev.likeness.training.finetune.network;

import dev.likeness.training.graph.ExecutionPlan;
import dev.likeness.training.graph.ParameterRole;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.graph.TrainNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cuts a network into blocks, whoever exported it. Between two blocks exactly one tensor passes, so
 * that a block can be run on its own; a residual block is therefore never cut. Names of weights
 * tell which of these pieces belong together; where they say nothing, several layers make a block.
 */
final class BlockFinder {

  /** Pieces without speaking names are joined until they hold as many matrices or kernels. */
  private static final int WEIGHTS_PER_BLOCK = 3;

  /** Fewer different names than this do not speak of blocks. */
  private static final int FEWEST_NAMES = 2;

  private final TrainGraph graph;
  private final List<TrainNode> nodes;

  /** A run of nodes between two cuts, or several joined. */
  private static final class Piece {
    private final String input;
    private final Set<String> parameters = new LinkedHashSet<>();
    private int weights;
    private Optional<String> name = Optional.empty();

    Piece(String input) {
      this.input = input;
    }

    void add(Piece next) {
      parameters.addAll(next.parameters);
      weights += next.weights;
      name = name.isPresent() ? name : next.name;
    }
  }

  private BlockFinder(TrainGraph graph, String output) {
    this.graph = graph;
    this.nodes =
        ExecutionPlan.of(graph, Set.of(output)).steps().stream()
            .map(ExecutionPlan.Step::node)
            .toList();
  }

  /**
   * @param output tensor at which the last block ends
   * @return in the order of the graph
   */
  static List<Block> find(TrainGraph graph, String output) {
    BlockFinder finder = new BlockFinder(graph, output);
    List<Piece> pieces = finder.pieces(output);
    long names = pieces.stream().flatMap(piece -> piece.name.stream()).distinct().count();
    List<Piece> joined = names >= FEWEST_NAMES ? byName(pieces) : bySize(pieces);
    List<Block> blocks = new ArrayList<>();
    for (Piece piece : joined) {
      String name = piece.name.filter(known -> names >= FEWEST_NAMES).orElse("");
      blocks.add(
          new Block(
              name.isEmpty() ? "block " + (blocks.size() + 1) : name,
              piece.input,
              piece.parameters));
    }
    return blocks;
  }

  private List<Piece> pieces(String output) {
    Map<String, Integer> lastUse = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).inputs()) {
        lastUse.put(input, i);
      }
    }
    lastUse.put(output, nodes.size());
    Map<String, Set<String>> weightsBehind = new HashMap<>();
    graph.initializers().keySet().stream()
        .filter(name -> graph.role(name) != ParameterRole.CONSTANT)
        .forEach(name -> weightsBehind.put(name, Set.of(name)));
    Set<String> fromImages = new HashSet<>(graph.inputs());
    Set<String> live = new LinkedHashSet<>(graph.inputs());
    List<Piece> pieces = new ArrayList<>();
    Piece piece = new Piece(graph.inputs().getFirst());
    for (int i = 0; i < nodes.size(); i++) {
      TrainNode node = nodes.get(i);
      Set<String> weights = new LinkedHashSet<>();
      node.inputs().forEach(input -> weights.addAll(weightsBehind.getOrDefault(input, Set.of())));
      if (node.inputs().stream().noneMatch(fromImages::contains)) {
        // A weight on its way, such as transposed or reshaped.
        node.outputs().forEach(made -> weightsBehind.put(made, weights));
        continue;
      }
      fromImages.addAll(node.outputs());
      addWeights(piece, weights);
      int position = i;
      live.addAll(node.outputs());
      live.removeIf(tensor -> lastUse.getOrDefault(tensor, -1) <= position);
      if (live.size() == 1 && i + 1 < nodes.size()) {
        pieces.add(piece);
        piece = new Piece(live.iterator().next());
      }
    }
    pieces.add(piece);
    return withoutEmpty(pieces);
  }

  private void addWeights(Piece piece, Set<String> weights) {
    for (String weight : weights) {
      if (piece.parameters.add(weight) && graph.role(weight) == ParameterRole.WEIGHT) {
        piece.weights++;
      }
      if (piece.name.isEmpty()) {
        piece.name = BlockName.of(weight);
      }
    }
  }

  /** Pieces without a kernel or matrix, such as a normalisation, belong to the piece before. */
  private static List<Piece> withoutEmpty(List<Piece> pieces) {
    List<Piece> kept = new ArrayList<>();
    for (Piece piece : pieces) {
      if (piece.weights == 0 && !kept.isEmpty()) {
        kept.getLast().add(piece);
      } else {
        kept.add(piece);
      }
    }
    return kept;
  }

  private static List<Piece> byName(List<Piece> pieces) {
    Map<String, Piece> joined = new LinkedHashMap<>();
    String current = "";
    for (Piece piece : pieces) {
      // Where a name comes again behind another, the blocks between are part of it.
      current = piece.name.orElse(current);
      Piece known = joined.get(current);
      if (known == null) {
        joined.put(current, piece);
      } else {
        known.add(piece);
      }
    }
    return List.copyOf(joined.values());
  }

  /** From the end, so that the last block is a whole one. */
  private static List<Piece> bySize(List<Piece> pieces) {
    List<List<Piece>> groups = new ArrayList<>();
    int weights = WEIGHTS_PER_BLOCK;
    for (Piece piece : pieces.reversed()) {
      if (weights >= WEIGHTS_PER_BLOCK) {
        groups.addFirst(new ArrayList<>());
        weights = 0;
      }
      groups.getFirst().addFirst(piece);
      weights += piece.weights;
    }
    return groups.stream()
        .map(
            group -> {
              Piece first = group.getFirst();
              group.stream().skip(1).forEach(first::add);
              return first;
            })
        .toList();
  }
}
